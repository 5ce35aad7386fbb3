import type { Chat } from "./answers.js";
import { post } from "./ask.js";

/**
 * How what is done in a conversation names it. Its number is that of one Messages database and another conversation's in the next
 * (behaviour 10.3b), and who reads the page means whom it shows.
 */
export function addressOf({ chat, guid }: Pick<Chat, "chat" | "guid">): string {
  return guid === "" ? chat : `chat_guid:${guid}`;
}

/** What is written into a conversation as its account; of each message one goes out, however often its answer was lost. */
export class Writing {
  /** Of what was not answered, by its words. */
  readonly #keys = new Map<string, string>();

  /** Sends words, under the key under which they may have gone already. @throws Refused */
  async send(chat: Pick<Chat, "account" | "chat" | "guid">, words: string): Promise<void> {
    const key = this.#keys.get(words) ?? newKey();
    this.#keys.set(words, key);
    await post("/v1/messages", { account: chat.account, to: addressOf(chat), text: words }, key);
    // The same words are another message from here on.
    this.#keys.clear();
  }
}

/** A browser has `randomUUID` only where the way to the page is encrypted or within the machine. */
function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
