import type { FetchOptions, FetchResult, Message } from "chat";
import type { Door } from "./door.js";
import { authorOf, plainMessage } from "./message.js";

/** As many as the action `read` gives (behaviour 11); the past is not told further back. */
const reach = 100;
const usualPage = 50;

/** The newest messages of a conversation, oldest first. */
export async function newest(door: Door, threadId: string): Promise<Message<unknown>[]> {
  const { messages } = (await door.act("read", { limit: reach })) as { messages: ReadMessage[] };
  return messages.map((read) => {
    const { MessageSidFull: id, sender, text, sentAt } = read;
    return plainMessage({
      id,
      threadId,
      text,
      author: authorOf(sender),
      sentAt: new Date(sentAt),
      raw: read,
    });
  });
}

/** A message as `read` tells it. */
interface ReadMessage {
  MessageSidFull: string;
  sender: string;
  text: string;
  sentAt: string;
}

/** One page of messages. @param all oldest first */
export function pageOf(
  all: Message<unknown>[],
  { cursor, direction = "backward", limit = usualPage }: FetchOptions = {},
): FetchResult<unknown> {
  const place = cursor === undefined ? undefined : all.findIndex(({ id }) => id === cursor);
  // What the cursor names fell out of reach.
  if (place === -1) return { messages: [] };
  if (direction === "forward") {
    const from = place === undefined ? 0 : place + 1;
    const messages = all.slice(from, from + limit);
    return withCursor(messages, from + limit < all.length ? messages.at(-1) : undefined);
  }
  const end = place ?? all.length;
  const messages = all.slice(Math.max(0, end - limit), end);
  return withCursor(messages, end > limit ? messages[0] : undefined);
}

function withCursor(messages: Message<unknown>[], next: Message<unknown> | undefined): FetchResult<unknown> {
  return { messages, ...(next && { nextCursor: next.id }) };
}
