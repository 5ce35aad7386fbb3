import type { BridgeIncident } from "../contract.js";
import type { BridgeError } from "../error.js";
import { Backoff, type BackoffTimes } from "./backoff.js";

/** Counts failures into incidents, and says how long to wait after each. */
export class Incidents {
  readonly #backoff: Backoff;
  #id = 0;
  #codes = new Set<string>();

  constructor(times: BackoffTimes, random: () => number) {
    this.#backoff = new Backoff(times, random);
  }

  /** @param healthyMs how long all was well before @param error what failed now */
  add(error: BridgeError, healthyMs: number): BridgeIncident {
    const retryInMs = this.#backoff.next(healthyMs);
    const attempt = this.#backoff.attempt;
    if (attempt === 1) {
      this.#id += 1;
      this.#codes = new Set();
    }
    const first = !this.#codes.has(error.code);
    this.#codes.add(error.code);
    return { id: this.#id, first, attempt, error, retryInMs };
  }
}
