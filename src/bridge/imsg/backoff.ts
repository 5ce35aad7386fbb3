/** First and longest wait, and the health after which counting starts anew; milliseconds (behaviour 1.2). */
export interface BackoffTimes {
  firstMs: number;
  longestMs: number;
  resetMs: number;
}

export const backoffTimes: BackoffTimes = { firstMs: 1000, longestMs: 60_000, resetMs: 5 * 60_000 };

/** Waits that double from 1 s to 60 s, spread by chance so that several accounts do not restart in step. */
export class Backoff {
  #attempt = 0;

  /** @param random from 0 up to 1 */
  constructor(
    private readonly times: BackoffTimes,
    private readonly random: () => number,
  ) {}

  /** Failures in a row. */
  get attempt(): number {
    return this.#attempt;
  }

  /**
   * @param healthyMs how long all was well before this failure
   * @returns how long to wait now, milliseconds
   */
  next(healthyMs: number): number {
    const { firstMs, longestMs, resetMs } = this.times;
    if (healthyMs >= resetMs) this.#attempt = 0;
    const full = Math.min(longestMs, firstMs * 2 ** this.#attempt);
    this.#attempt += 1;
    return Math.max(firstMs, Math.round(full * (0.5 + this.random() / 2)));
  }
}
