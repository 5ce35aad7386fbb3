import type { Bridge, ChatRef } from "../bridge/index.js";
import { awaitWithin, type Clock, type Log, type StopTimer } from "../platform/index.js";
import type { StandingBubbles } from "./standing-bubbles.js";

/** Messages takes a bubble away after about a minute; it is renewed well before (protocol reference 5.1). */
const againMs = 8000;
/** A reply that cannot be sent for so long leaves no bubble standing. */
const longestMs = 10 * 60_000;
/** How long a first turn's bubble waits for what the Mac can do. */
const probeMs = 5000;

export interface PresenceDeps {
  bridge: Bridge;
  clock: Clock;
  log: Log;
  settings: () => { typing: boolean; sendReadReceipts: boolean };
  standing: StandingBubbles;
}

/** A chat in which somebody waits for an answer. */
interface Waiting {
  chat: ChatRef;
  turns: Set<string>;
  since: number;
  stopTimer: StopTimer;
  /** Whether a bubble was asked for, so that it has to be taken away. */
  shown: boolean;
  /** Whether Messages took the last call for it. */
  seen: boolean;
  /** Calls of one chat go out one after the other. */
  work: Promise<void>;
}

/**
 * Read receipts and typing bubbles of one account (behaviour 11.3). They are a courtesy: a call that fails costs nothing
 * but itself, and a bubble never outlives the answer: what could not be taken away is, as soon as Messages answers again.
 */
export class Presence {
  readonly #waiting = new Map<string, Waiting>();
  /** The chat of each turn that waits. */
  readonly #chats = new Map<string, string>();
  /** Bubbles that are being taken away. */
  readonly #closing = new Set<Promise<void>>();
  /** Chats whose bubble may still stand. */
  readonly #owed = new Map<string, ChatRef>();
  #warned = false;
  #asked = false;
  #stopped = false;

  constructor(private readonly deps: PresenceDeps) {}

  /** A turn begins: marks its chat read, and shows a bubble until {@link end}. Returns at once. */
  begin(turnId: string, chat: ChatRef): void {
    // SMS has neither.
    if (this.#stopped || /^(SMS|RCS);/i.test(chat.guid)) return;
    const key = keyOf(chat);
    this.#chats.set(turnId, key);
    const known = this.#waiting.get(key);
    if (known) {
      known.turns.add(turnId);
      return;
    }
    const waiting: Waiting = {
      chat,
      turns: new Set([turnId]),
      since: this.deps.clock.now(),
      stopTimer: this.deps.clock.every(againMs, () => this.#again(key), { unref: true }),
      shown: false,
      seen: false,
      work: Promise.resolve(),
    };
    this.#waiting.set(key, waiting);
    waiting.work = this.#open(key, waiting);
  }

  /** The turn's answer is on its way, or there is none: the bubble goes when no other turn of the chat runs. */
  end(turnId: string): void {
    const key = this.#chats.get(turnId);
    const waiting = key === undefined ? undefined : this.#waiting.get(key);
    this.#chats.delete(turnId);
    waiting?.turns.delete(turnId);
    if (key !== undefined && waiting?.turns.size === 0) void this.#close(key, waiting);
  }

  /** Whether a turn that began has still to be told of with {@link end}: on a Mac without bubbles it has not. */
  waits(turnId: string): boolean {
    return this.#chats.has(turnId);
  }

  /** Whether a bubble shows that the turn is at work, as far as Messages tells. */
  isSeen(turnId: string): boolean {
    const key = this.#chats.get(turnId);
    return key !== undefined && this.#waiting.get(key)?.seen === true;
  }

  /** Takes away what an earlier process left standing. @param more chats where it may have, beside those that it noted */
  recover(more: readonly ChatRef[]): void {
    for (const chat of [...this.deps.standing.left, ...more]) this.#owed.set(keyOf(chat), chat);
    this.#note();
  }

  /** Messages answers (again): what could not be taken away before is now. */
  async settleOwed(): Promise<void> {
    if (this.#owed.size === 0) return;
    const actions = this.deps.bridge.actions;
    const known = actions.capabilities() ?? (await actions.probe());
    if (!known?.can("typing").supported) return;
    for (const [key, chat] of [...this.#owed]) {
      // A turn of the chat runs: its end takes the bubble away, also when it never got round to one of its own.
      if (this.#waiting.has(key)) continue;
      if ((await actions.typing(chat, false)).state === "done") this.#owed.delete(key);
    }
    this.#note();
  }

  /** Takes every bubble away, also those that an earlier process left and that nobody got round to. */
  async stop(): Promise<void> {
    this.#stopped = true;
    // Whoever stops may not wait for all of them.
    for (const [key, { chat, shown }] of this.#waiting) if (shown) this.#owed.set(key, chat);
    this.#note();
    for (const [key, waiting] of this.#waiting) void this.#close(key, waiting);
    // Also those whose answer went out just now.
    await Promise.all(this.#closing);
    await this.settleOwed();
  }

  async #open(key: string, waiting: Waiting): Promise<void> {
    if (!(await this.#isAble())) return this.#forget(key, waiting);
    const { bridge, settings } = this.deps;
    const { typing, sendReadReceipts } = settings();
    // Asked for together: the child carries them out in this order.
    const read = sendReadReceipts ? bridge.actions.read(waiting.chat) : undefined;
    if (typing && this.#waiting.get(key) === waiting) {
      waiting.shown = true;
      if (this.#owed.delete(key)) this.#note();
      await this.#show(waiting);
    }
    await read;
  }

  #again(key: string): void {
    const waiting = this.#waiting.get(key);
    if (!waiting?.shown) return;
    if (this.deps.clock.now() - waiting.since > longestMs) void this.#close(key, waiting);
    else
      waiting.work = waiting.work.then(async () => {
        if (this.#waiting.get(key) === waiting) await this.#show(waiting);
      });
  }

  async #show(waiting: Waiting): Promise<void> {
    waiting.seen = (await this.deps.bridge.actions.typing(waiting.chat, true)).state === "done";
  }

  async #close(key: string, waiting: Waiting): Promise<void> {
    if (this.#waiting.get(key) !== waiting) return;
    this.#forget(key, waiting);
    const work = this.#takeAway(key, waiting);
    this.#closing.add(work);
    await work.finally(() => this.#closing.delete(work));
  }

  async #takeAway(key: string, waiting: Waiting): Promise<void> {
    await waiting.work;
    // A new turn of the chat has a bubble of its own by now.
    if ((!waiting.shown && !this.#owed.has(key)) || this.#waiting.has(key)) return;
    const taken = await this.deps.bridge.actions.typing(waiting.chat, false);
    if (taken.state === "done") this.#owed.delete(key);
    else if (!this.#waiting.has(key)) this.#owed.set(key, waiting.chat);
    this.#note();
  }

  #note(): void {
    this.deps.standing.keep([...this.#owed.values()]);
  }

  #forget(key: string, waiting: Waiting): void {
    waiting.stopTimer();
    for (const turnId of waiting.turns) this.#chats.delete(turnId);
    if (this.#waiting.get(key) === waiting) this.#waiting.delete(key);
  }

  /** Whether this Mac shows bubbles and receipts; builds that do not list their methods get neither. */
  async #isAble(): Promise<boolean> {
    const { bridge, clock, log } = this.deps;
    let known = bridge.actions.capabilities();
    if (!known && !this.#asked) {
      // Only the first turns wait; without an answer, asking again is up to whoever keeps the capabilities.
      known = await awaitWithin(clock, probeMs, bridge.actions.probe());
      this.#asked = true;
    }
    if (known?.privateApi.available && !known.perMethod && !this.#warned) {
      this.#warned = true;
      log.warn(
        "this imsg does not say which methods it has, so there are no typing bubbles and read receipts; update imsg",
      );
    }
    return known?.privateApi.available === true && known.perMethod;
  }
}

function keyOf({ id, guid }: ChatRef): string {
  return id > 0 ? String(id) : guid;
}
