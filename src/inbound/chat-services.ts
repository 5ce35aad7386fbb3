import type { Bridge } from "../bridge/index.js";
import { type Chat, type ChatService, serviceOf } from "../conversation/index.js";
import type { Clock } from "../platform/index.js";

/** The chat of a row that just came is among those with the newest activity. */
const newest = 100;
/** A chat may change its service; a list is believed for so long, milliseconds. */
const freshMs = 15_000;
/** The list is not read again for every row of a chat that is not in it. */
const retryMs = 1000;
/** How long a decision waits for the list; unknown is never trusted, so nothing is gained by a failure. */
const waitMs = 3000;

/** The services of chats whose GUID does not tell them (macOS 26: `any;-;…`, protocol reference 9.3), as imsg lists them. */
export class ChatServices {
  #known = new Map<number, ChatService>();
  /** When a list was last asked for because of a chat; emptied with each list that is too old. */
  readonly #askedFor = new Map<number, number>();
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;

  constructor(
    private readonly bridge: Pick<Bridge, "chats">,
    private readonly clock: Clock,
  ) {}

  /** Whether {@link learn} would tell something new about a chat. */
  needs(chat: Chat): boolean {
    if (serviceOf(chat) !== "unknown" || chat.id <= 0) return false;
    if (!this.#isFresh()) return true;
    // A chat that is not in the list may be new: asked for once, then again after a moment.
    const askedAt = this.#askedFor.get(chat.id);
    return !this.#known.has(chat.id) && (askedAt === undefined || this.clock.now() - askedAt > retryMs);
  }

  /** Reads the list. Never rejects: what cannot be read stays unknown. */
  async learn(chat: Chat): Promise<void> {
    if (!this.#isFresh()) this.#askedFor.clear();
    this.#askedFor.set(chat.id, this.clock.now());
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    const read = new AbortController();
    await Promise.race([this.#reading, this.clock.sleep(waitMs, read.signal)]);
    read.abort();
  }

  /** @returns the chat's service; undefined when it is not known, or was learnt too long ago */
  of(chat: Chat): ChatService | undefined {
    return this.#isFresh() ? this.#known.get(chat.id) : undefined;
  }

  async #read(): Promise<void> {
    const chats = await this.bridge.chats(newest).catch(() => undefined);
    this.#readAt = this.clock.now();
    this.#known = new Map((chats ?? []).map((chat) => [chat.id, serviceOf(chat)]));
  }

  #isFresh(): boolean {
    return this.clock.now() - this.#readAt < freshMs;
  }
}
