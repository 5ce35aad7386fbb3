import { isLink, readableText } from "../conversation/index.js";
import type { Clock, StopTimer } from "../platform/index.js";
import type { JournalEntry } from "../store/index.js";

/** A person who keeps writing still gets an answer: a bucket is closed after so many windows. */
const longestInWindows = 4;
/** Rows that belong together were also sent together; reports are late by less than this, milliseconds. */
const jitterMs = 1000;
/** Links that were passed on alone and are remembered; each for a window only. */
const mostAlone = 1000;

/** What one person wrote in one chat within the window. */
interface Bucket {
  entries: JournalEntry[];
  openedAt: number;
  stopTimer: StopTimer;
}

/**
 * Merges what a person writes in quick succession into one turn (behaviour 9.3). Nothing here is durable: the rows are,
 * and a start gathers them again.
 */
export class Gatherer {
  readonly #buckets = new Map<string, Bucket>();
  readonly #lastAlone = new Map<string, { text: string; until: number }>();

  /** @param close takes what belongs together, oldest first */
  constructor(
    private readonly close: (entries: JournalEntry[]) => void,
    private readonly clock: Clock,
  ) {}

  /** Whether a row waits here; then it is in hand, whatever the journal says. */
  holds(id: number): boolean {
    return [...this.#buckets.values()].some(({ entries }) => entries.some((entry) => entry.id === id));
  }

  /**
   * Takes a row that is to be answered.
   * @param windowMs how long to wait for more after each row
   * @returns `repeated` when the same text was taken within the window: the row is not part of any turn
   */
  add(entry: JournalEntry, windowMs: number): "taken" | "repeated" {
    const key = `${entry.row.chat.id}\n${entry.row.sender}`;
    const text = readableText(entry.row.text);
    if (this.#isRepeat(key, text, entry)) return "repeated";
    this.#closeIfApart(key, entry, windowMs);
    const bucket = this.#buckets.get(key);
    if (!bucket && isLink(text)) {
      // Nothing to wait for: a link that follows a command would have found the command's bucket.
      if (this.#lastAlone.size >= mostAlone) this.#lastAlone.clear();
      this.#lastAlone.set(key, { text, until: this.clock.now() + windowMs });
      this.close([entry]);
      return "taken";
    }
    const open = bucket ?? { entries: [], openedAt: this.clock.now(), stopTimer: () => {} };
    open.stopTimer();
    open.entries.push(entry);
    const latest = open.openedAt + longestInWindows * windowMs;
    const waitMs = Math.max(0, Math.min(windowMs, latest - this.clock.now()));
    open.stopTimer = this.clock.after(waitMs, () => this.#flush(key));
    this.#buckets.set(key, open);
    return "taken";
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
    if (last && Math.abs(entry.row.sentAt - last.row.sentAt) > windowMs + jitterMs) this.#flush(key);
  }

  #flush(key: string): void {
    const bucket = this.#buckets.get(key);
    if (!bucket) return;
    bucket.stopTimer();
    this.#buckets.delete(key);
    this.close(bucket.entries);
  }
}
