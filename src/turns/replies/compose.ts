import type { Account, Config } from "../../config/index.js";
import { chunkRendered, isBlank, type Rendered, renderMarkdown, showable } from "../../outbound/index.js";
import type { NewOutboxItem, Turn } from "../../store/index.js";
import type { ReplyBlock } from "../running/answer.js";
import type { Composing } from "../running/parts.js";

/** The settings that shape a reply. */
export interface ReplyRules {
  messages: Pick<Config["messages"], "failureReply" | "responsePrefix">;
  account: Pick<Account, "textChunkLimit" | "chunkMode" | "maxBubbles">;
}

/** What every message of an answer has: where it goes, and whether anybody wrote just now (behaviour 18.7). */
export function baseOf({
  target,
  chatKey,
  envelope,
}: Turn): Pick<NewOutboxItem, "target" | "chatKey" | "origin" | "initiative"> {
  return { target, chatKey, origin: "turn", ...(envelope.scheduled && { initiative: "agent" }) };
}

/**
 * Turns an answer into what is sent: the prefix, the chunks of readable text, the files, in order, into the chat that
 * was answered (behaviour 5.3, 5.6, 8.1, 8.2). A failed turn becomes one neutral line, or nothing (behaviour 6.2).
 * @param replyTo GUID of the message that the answer is a threaded reply to
 * @returns the messages, at most as many of text as `maxBubbles` leaves, and what of the text did not fit into them, which goes as a file;
 *   and what the texts say without the prefix
 */
export function composeReplies(
  turn: Turn,
  blocks: ReplyBlock[],
  { failed, sent }: Composing,
  { messages: words, account }: ReplyRules,
  replyTo?: string,
): { messages: NewOutboxItem[]; rest?: string; said: string } {
  const base = baseOf(turn);
  const texts = failed ? [words.failureReply] : blocks.map(({ text }) => showable(text).trim());
  const whole = texts.filter((text) => !isBlank(text)).join("\n\n");
  const prefix = failed || sent > 0 ? "" : (words.responsePrefix ?? "");
  const said = renderMarkdown(whole, { styled: true });
  const chunks = chunkRendered(prefixed(said, prefix), {
    limit: account.textChunkLimit,
    mode: account.chunkMode,
  });
  const files = failed ? [] : blocks.flatMap(({ media }) => media ?? []);
  // The file takes the place of the last one; a first one there is in any case.
  const room = failed ? account.maxBubbles : account.maxBubbles - sent;
  const shown = chunks.length > room ? chunks.slice(0, Math.max(sent > 0 ? 0 : 1, room - 1)) : chunks;
  const rest = chunks
    .slice(shown.length)
    .map(({ text }) => text)
    .join("\n");
  const messages: NewOutboxItem[] = shown.map(({ text, runs }) => ({
    ...base,
    text,
    ...(runs.length > 0 && { runs }),
  }));
  // The thread shows what is answered once; the rest follows in the chat.
  if (replyTo !== undefined && messages[0]) messages[0].replyTo = replyTo;
  return {
    messages: [...messages, ...files.map((file) => ({ ...base, file }))],
    ...(rest !== "" && { rest }),
    said: said.text,
  };
}

/** Each is read by itself: behind a prefix on its line, a heading, a list or a block of code would be none. */
function prefixed(said: Rendered, prefix: string): Rendered {
  if (isBlank(prefix) || isBlank(said.text)) return said;
  const shown = renderMarkdown(prefix, { styled: true });
  const before = isBlank(shown.text) ? { text: showable(prefix), runs: [] } : shown;
  const shift = before.text.length + 1;
  return {
    text: `${before.text} ${said.text}`,
    runs: [...before.runs, ...said.runs.map((run) => ({ ...run, start: run.start + shift }))],
    code: said.code.map(({ start, end }) => ({ start: start + shift, end: end + shift })),
  };
}
