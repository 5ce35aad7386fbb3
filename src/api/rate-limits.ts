import type { Token } from "../store/index.js";

/** What is left of a token's minute. */
interface Left {
  requests: number;
  at: number;
}

/** How often each token may be used: as often as it says within a minute, at once or one after the other. */
export class RateLimits {
  readonly #left = new Map<string, Left>();

  /**
   * Counts a request.
   * @param at milliseconds since the epoch
   * @returns after how many seconds the next one is taken, where this one is not; 0 where it is
   */
  take({ id, perMinute }: Pick<Token, "id" | "perMinute">, at: number): number {
    const perMs = perMinute / 60_000;
    const before = this.#left.get(id) ?? { requests: perMinute, at };
    // A clock that was set back gives nothing.
    const requests = Math.min(perMinute, before.requests + Math.max(0, at - before.at) * perMs);
    const taken = requests >= 1;
    this.#left.set(id, { requests: taken ? requests - 1 : requests, at });
    return taken ? 0 : Math.ceil((1 - requests) / perMs / 1000);
  }
}
