import type { Envelope } from "../conversation/index.js";

/** So many conversations are remembered. */
const most = 1000;

/** What the newest turn of each conversation told of it: its name, and who is in it. */
export class Conversations {
  readonly #chats = new Map<string, Envelope["chat"]>();

  /** A turn tells. */
  note(threadId: string, chat: Envelope["chat"]): void {
    this.#chats.delete(threadId);
    this.#chats.set(threadId, chat);
    const [oldest] = this.#chats.keys();
    if (this.#chats.size > most && oldest !== undefined) this.#chats.delete(oldest);
  }

  /** Undefined for one in which no turn was since the start. */
  of(threadId: string): Envelope["chat"] | undefined {
    return this.#chats.get(threadId);
  }
}
