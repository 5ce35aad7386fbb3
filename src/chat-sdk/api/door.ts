import { TapbackError } from "../../platform/index.js";
import { type Door, once, sentId } from "../door.js";
import { decodeThread } from "../thread-id.js";
import type { ApiClient } from "./client.js";

/** As many as one page has. */
const mostRead = 100;

interface Listed {
  items: { guid: string; sender: string; fromMe: boolean; text: string; sentAt: string }[];
}

/**
 * A conversation, with the rights of the token: what the API has no request for is not there.
 * @param keyOf names what is sent next, the same whenever the same occasion comes again
 */
export function doorOfApi(client: ApiClient, threadId: string, keyOf: () => string): Door {
  const { account, kind, name } = decodeThread(threadId);
  const to = kind === "dm" || name.startsWith("chat_id:") ? name : `chat_identifier:${name}`;
  const send = (body: object) =>
    once(keyOf(), async (key) =>
      sentId((await client.ask("/v1/messages", { body: { account, to, ...body }, key })) as never),
    );
  return {
    say: (text) => send({ text }),
    send: ({ bytes, filename }) => send({ files: [{ name: filename, content: bytes.toString("base64") }] }),
    reply: async () => {
      throw notThere("reply");
    },
    async act(action) {
      if (action !== "read") throw notThere(action);
      const query = new URLSearchParams({ account, chat: to, limit: String(mostRead) });
      const { items } = (await client.ask(`/v1/messages?${query}`)) as unknown as Listed;
      const messages = items.map(({ guid, sender, fromMe, text, sentAt }) => ({
        ...{ MessageSidFull: guid, sender: fromMe ? "me" : sender, text, sentAt },
      }));
      return { messages: messages.reverse() };
    },
  };
}

function notThere(action: string): TapbackError {
  return new TapbackError("ACTION_UNAVAILABLE", `the API has no ${action}`, {
    hint: "Let the bot have its gateway in its own process.",
  });
}
