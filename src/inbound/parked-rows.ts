import type { MessageRow } from "../conversation/index.js";
import { keyOf } from "./history-since.js";

/** Old rows that the subscription reports while it is not known yet which ones a catch-up pass replays. */
export class ParkedRows {
  #parked: MessageRow[] | undefined = [];
  /** What was sent before is known to the pass by now, milliseconds since the epoch. */
  #knownUntil = Number.NEGATIVE_INFINITY;
  /** Rows that the limit of the pass left to a later start. */
  readonly #leftOver = new Set<string>();
  /** Rows of the pass that the subscription reported as well. */
  #taken: MessageRow[] = [];

  /** @param release takes rows that turned out not to be the pass's, or that are journaled by it */
  constructor(private readonly release: (rows: MessageRow[]) => void) {}

  /** @returns whether the row is the pass's business. @param isOld sent before the pass began */
  owns(row: MessageRow, isOld: boolean): boolean {
    if (!this.#parked || row.sentAt < this.#knownUntil) return this.#leftOver.has(keyOf(row));
    if (isOld) this.#parked.push(row);
    return isOld;
  }

  /** The limit of the pass leaves a row to a later start: it stays the pass's business. */
  leave(row: MessageRow): void {
    this.#leftOver.add(keyOf(row));
  }

  /**
   * The pass knows all that was sent before a time: the others go their own way.
   * @param until absent: the pass has read everything
   * @returns the rows that were let go
   */
  unpark(known: readonly MessageRow[], until = Number.POSITIVE_INFINITY): MessageRow[] {
    const parked = this.#parked ?? [];
    const asRead = new Map(known.map((row) => [keyOf(row), row]));
    const settled = parked.filter((row) => row.sentAt < until);
    const others = settled.filter((row) => !asRead.has(keyOf(row)));
    for (const row of settled) {
      const read = asRead.get(keyOf(row));
      // It may say something else by now: what the pass read of it is what it journals.
      if (read && !this.#leftOver.has(keyOf(row))) this.#taken.push({ ...read, cursor: row.cursor });
    }
    this.#parked =
      until === Number.POSITIVE_INFINITY ? undefined : parked.filter((row) => row.sentAt >= until);
    this.#knownUntil = until;
    if (others.length > 0) this.release(others);
    return others;
  }

  /** The pass has journaled what it took: the next subscription need not report that again. */
  journaled(): void {
    const taken = this.#taken;
    this.#taken = [];
    if (taken.length > 0) this.release(taken);
  }
}
