import { isFarAbove, type MessageRow } from "../conversation/index.js";
import type { Clock } from "../platform/index.js";

/** So far below a row that is reported, numbers that were not reported are missed: what leaps further was not skipped. */
const mostBelow = 20;
/** Numbers that are looked for at once. */
const mostSkipped = 200;
/** After the first look, how long after it was missed a number is looked for again, milliseconds; then it is given up: a message that was deleted leaves a number too. */
const laterLooksMs: readonly number[] = [15_000, 60_000, 5 * 60_000];

interface Skipped {
  missedAt: number;
  looks: number;
}

/**
 * Numbers of rows that a subscription passed over. Since 0.10.0 imsg looks 20 times for the chat of a row and then drops it
 * (protocol reference 3.4, item 8): where Messages takes longer, nobody tells of that message, and later ones of its
 * chat hide it from who asks for the newest activity.
 */
export class SkippedRows {
  readonly #skipped = new Map<number, Skipped>();
  #last: number | undefined;

  /** @param patienceMs how long a row may be late that comes by itself, milliseconds */
  constructor(
    private readonly clock: Clock,
    private readonly patienceMs: number,
  ) {}

  /** A subscription begins behind a row: it has to report what comes after it. @param rowId -1: all there is */
  subscribed(rowId: number): void {
    this.#last = Math.max(0, rowId);
  }

  /** The database is another one, whose rows have other numbers. */
  forget(): void {
    this.#skipped.clear();
    this.#last = undefined;
  }

  /** A row was reported, or taken in otherwise. */
  came({ rowId, preview }: MessageRow): void {
    this.#passed(rowId);
    if (preview !== undefined) this.#passed(preview.rowId);
  }

  /** Whether a number is missed that may still come. */
  get misses(): boolean {
    return this.#skipped.size > 0;
  }

  /** @returns numbers that have to be looked for now, in order */
  due(): number[] {
    const now = this.clock.now();
    return [...this.#skipped]
      .filter(([, { missedAt, looks }]) => now - missedAt >= this.#waitBefore(looks))
      .map(([rowId]) => rowId)
      .sort((a, b) => a - b);
  }

  /** These were looked for, and are looked for again later unless they come. */
  lookedFor(rowIds: readonly number[]): void {
    for (const rowId of rowIds) {
      const skipped = this.#skipped.get(rowId);
      if (skipped === undefined) continue;
      skipped.looks++;
      if (skipped.looks > laterLooksMs.length) this.#skipped.delete(rowId);
    }
  }

  #waitBefore(looks: number): number {
    return looks === 0 ? this.patienceMs : laterLooksMs[looks - 1]!;
  }

  #passed(rowId: number): void {
    this.#skipped.delete(rowId);
    const last = this.#last ?? rowId;
    if (isFarAbove(rowId, last)) return;
    this.#last = Math.max(last, rowId);
    const missedAt = this.clock.now();
    for (let id = Math.max(last, rowId - 1 - mostBelow) + 1; id < rowId; id++)
      if (this.#skipped.size < mostSkipped) this.#skipped.set(id, { missedAt, looks: 0 });
  }
}
