import type { BridgeState } from "../bridge/index.js";
import type { Span } from "./intake-deps.js";

/** Outages that are remembered; their rows come right after them. */
const mostKept = 10;

/** When imsg was away while the account ran: what was written then comes late through no fault of its own (behaviour 9.4). */
export class Outages {
  #spans: Span[] = [];
  #isLive = false;
  #since: number | undefined;

  /** The outage that goes on has no end yet. */
  get spans(): readonly Span[] {
    const open = this.#since === undefined ? [] : [{ from: this.#since, to: Number.POSITIVE_INFINITY }];
    return [...this.#spans, ...open];
  }

  /** @param at milliseconds since the epoch */
  note(state: BridgeState, at: number): void {
    if (state === "live") {
      if (this.#since !== undefined)
        this.#spans = [...this.#spans, { from: this.#since, to: at }].slice(-mostKept);
      this.#since = undefined;
    } else if (this.#isLive) this.#since = at;
    this.#isLive = state === "live";
  }
}
