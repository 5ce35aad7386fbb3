import type { MacEvent } from "../bridge/index.js";
import { type Chat, type MessageRow, nameIn, namesSameChat, normalizeHandle } from "../conversation/index.js";
import type { Clock } from "../platform/index.js";

/** Sending a bubble ends its typing (protocol reference 22): who goes on with the next one begins within this, milliseconds. */
export const settleMs = 1500;
/** Messages shows a bubble that is not renewed no longer than this, milliseconds; the end of one may never be told. */
export const typingEndsMs = 60_000;
/** Chats that are remembered; those whose typing began first are forgotten first. */
const mostChats = 1000;

interface Typist {
  guid: string;
  /** When it was heard that the typing began, milliseconds since the epoch. */
  since: number;
  /** When it ended; undefined while it goes on. */
  endedAt?: number;
}

/**
 * Where people type now (behaviour 18.4), as the helper in Messages tells it. What cannot be known counts as not typing: an
 * end that was never told runs out, and all is forgotten when nothing is told any more.
 */
export class TypingChats {
  readonly #typists = new Map<string, Typist>();

  /** @param changed is called after each change that may end a wait */
  constructor(
    private readonly clock: Clock,
    private readonly changed: () => void,
  ) {}

  /** The Mac told something. */
  told(event: MacEvent): void {
    if (event.kind === "typing") this.#typing(event.chatGuid, event.on);
    else if (event.kind === "events-ended" || (event.kind === "private-api" && !event.available))
      this.#typists.clear();
    this.changed();
  }

  /**
   * A row came: the typing that led to it is over, also where its end is told later or never. No order is promised between the two.
   * @param writtenAt by our clock, milliseconds since the epoch
   */
  wrote({ chat, fromMe }: MessageRow, writtenAt: number): void {
    const typist = this.#of(chat);
    if (fromMe || !typist || typist.endedAt !== undefined || typist.since >= writtenAt) return;
    typist.endedAt = this.clock.now();
    this.changed();
  }

  /** @returns for how long somebody is taken to go on typing in a chat if nothing else is told, milliseconds; 0 when nobody types */
  remainingMs(chat: Chat): number {
    const typist = this.#of(chat);
    if (!typist) return 0;
    const { since, endedAt } = typist;
    const until = endedAt === undefined ? since + typingEndsMs : endedAt + settleMs;
    return Math.max(0, until - this.clock.now());
  }

  #of({ guid, identifier }: Chat): Typist | undefined {
    const name = guid || identifier;
    const typist = this.#typists.get(keyOf(name));
    return typist && namesSameChat(typist.guid, name) ? typist : undefined;
  }

  #typing(guid: string, on: boolean): void {
    const key = keyOf(guid);
    const now = this.clock.now();
    const known = this.#typists.get(key);
    if (!on) {
      if (known) known.endedAt ??= now;
      return;
    }
    this.#typists.delete(key);
    if (this.#typists.size >= mostChats) this.#typists.delete(this.#typists.keys().next().value!);
    this.#typists.set(key, { guid, since: now });
  }
}

function keyOf(guidOrIdentifier: string): string {
  return normalizeHandle(nameIn(guidOrIdentifier));
}
