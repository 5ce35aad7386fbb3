import { isLink, readableText } from "../conversation/index.js";
import type { Clock, StopTimer } from "../platform/index.js";
import type { JournalEntry } from "../store/index.js";

/** A person who keeps writing still gets an answer: a bucket is closed after so many windows. */
const longestInWindows = 4;
/** A turn opens at most so much later because its person types, milliseconds (behaviour 18.4). */
export const longestHoldMs = 10_000;
/** Rows that belong together were also sent together; reports are late by less than this, milliseconds. */
const jitterMs = 1000;
/** Links that were passed on alone and are remembered; each for a window only. */
const mostAlone = 1000;

/** What one person wrote in one chat within the window. */
interface Bucket {
  entries: JournalEntry[];
  openedAt: number;
  /** Its window is over. */
  isReady: boolean;
  /** When it was ready and its person was typing. */
  heldSince?: number;
  stopTimer: StopTimer;
}

/** What a bucket was made of. */
export interface Gathered {
  /** Oldest first. */
  entries: JournalEntry[];
  /** How long it was held because its person was typing, milliseconds. */
  heldMs: number;
}

/**
 * Merges what a person writes in quick succession into one turn (behaviour 9.3), and holds it while the person types (18.4).
 * Nothing here is durable: the rows are, and a start gathers them again.
 */
export class Gatherer {
  readonly #buckets = new Map<string, Bucket>();
  readonly #lastAlone = new Map<string, { text: string; until: number }>();

  /**
   * @param close takes what belongs together
   * @param typesFor how long the person of a row is taken to go on typing, milliseconds; 0 where nothing is held for that
   */
  constructor(
    private readonly close: (gathered: Gathered) => void,
    private readonly clock: Clock,
    private readonly typesFor: (entry: JournalEntry) => number,
  ) {}

  /**
   * Takes a row that is to be answered.
   * @param windowMs how long to wait for more after each row
   * @returns `repeated` when the same text was taken within the window: the row is not part of any turn
   */
  add(entry: JournalEntry, windowMs: number): "taken" | "repeated" {
    const key = keyOf(entry.row);
    const text = readableText(entry.row.text);
    if (this.#isRepeat(key, text, entry)) return "repeated";
    this.#closeIfApart(key, entry, windowMs);
    const bucket = this.#buckets.get(key);
    // Nothing to wait for: a link that follows a command would have found the command's bucket.
    const isLinkAlone = !bucket && isLink(text);
    if (isLinkAlone) {
      if (this.#lastAlone.size >= mostAlone) this.#lastAlone.clear();
      this.#lastAlone.set(key, { text, until: this.clock.now() + windowMs });
    }
    const now = this.clock.now();
    const open = bucket ?? { entries: [], openedAt: now, isReady: false, stopTimer: () => {} };
    open.entries.push(entry);
    const latest = Math.min(open.openedAt + longestInWindows * windowMs, heldUntil(open));
    const waitMs = isLinkAlone ? 0 : Math.min(windowMs, latest - now);
    this.#buckets.set(key, open);
    open.isReady = waitMs <= 0;
    open.stopTimer();
    if (open.isReady) this.#closeIfReady(key);
    else
      open.stopTimer = this.clock.after(waitMs, () => {
        open.isReady = true;
        this.#closeIfReady(key);
      });
    return "taken";
  }

  /** What of the same person waits in the same chat, oldest first. */
  heldWith({ row }: JournalEntry): readonly JournalEntry[] {
    return this.#buckets.get(keyOf(row))?.entries ?? [];
  }

  /** Waits for some rows no more. @param row of the same person in the same chat */
  forget({ row }: JournalEntry, ids: ReadonlySet<number>): void {
    const bucket = this.#buckets.get(keyOf(row));
    if (!bucket || ids.size === 0) return;
    bucket.entries = bucket.entries.filter(({ id }) => !ids.has(id));
    if (bucket.entries.length > 0) return;
    bucket.stopTimer();
    this.#buckets.delete(keyOf(row));
  }

  /** Who types is known anew: what is held for that may be ready. */
  typingChanged(): void {
    for (const key of [...this.#buckets.keys()]) this.#closeIfReady(key);
  }

  /** Closes every bucket now, so that nothing waits for a window while the gateway stops. */
  flushAll(): void {
    for (const key of [...this.#buckets.keys()]) this.#flush(key);
  }

  #isRepeat(key: string, text: string, entry: JournalEntry): boolean {
    // Files of the same words are no repeat.
    if (text === "" || entry.row.attachments.length > 0) return false;
    const alone = this.#lastAlone.get(key);
    if (alone !== undefined && alone.until > this.clock.now() && alone.text === text) return true;
    return (this.#buckets.get(key)?.entries ?? []).some(
      (other) => other.id !== entry.id && readableText(other.row.text) === text,
    );
  }

  /** What was written minutes apart stays apart, also when a restart or a catch-up brings it in one go. */
  #closeIfApart(key: string, entry: JournalEntry, windowMs: number): void {
    const last = this.#buckets.get(key)?.entries.at(-1);
    const isHeld = this.#buckets.get(key)?.heldSince !== undefined;
    const apartMs = windowMs + jitterMs + (isHeld ? longestHoldMs : 0);
    if (last && Math.abs(entry.row.sentAt - last.row.sentAt) > apartMs) this.#flush(key);
  }

  /** Closes a bucket whose window is over, unless its person types: then it is looked at again when that is over. */
  #closeIfReady(key: string): void {
    const bucket = this.#buckets.get(key);
    if (!bucket?.isReady) return;
    const now = this.clock.now();
    const holdMs = this.#holdMs(bucket, now);
    bucket.stopTimer();
    if (holdMs > 0) {
      bucket.heldSince ??= now;
      bucket.stopTimer = this.clock.after(holdMs, () => this.#closeIfReady(key));
    } else this.#flush(key);
  }

  /** How long a bucket is still held for typing, milliseconds. A command waits for none, nor does what was written before it. */
  #holdMs(bucket: Bucket, now: number): number {
    const { entries, heldSince = now } = bucket;
    if (entries.some(({ decision }) => decision?.kind === "command")) return 0;
    return Math.min(this.typesFor(entries[0]!), heldUntil({ ...bucket, heldSince }) - now);
  }

  #flush(key: string): void {
    const bucket = this.#buckets.get(key);
    if (!bucket) return;
    bucket.stopTimer();
    this.#buckets.delete(key);
    const { entries, heldSince } = bucket;
    this.close({ entries, heldMs: heldSince === undefined ? 0 : this.clock.now() - heldSince });
  }
}

function keyOf({ chat, sender }: JournalEntry["row"]): string {
  return `${chat.id}\n${sender}`;
}

/** Until when a bucket is held at most. What its first row waited before it came here counts, in an earlier run too. */
function heldUntil({ entries, openedAt, heldSince }: Omit<Bucket, "stopTimer">): number {
  const waitedMs = entries[0] ? openedAt - entries[0].receivedAt : 0;
  return heldSince === undefined
    ? Number.POSITIVE_INFINITY
    : heldSince + longestHoldMs - Math.max(0, waitedMs);
}
