import { type Clock, follow, TapbackError } from "../platform/index.js";
import type { Store, Topic } from "../store/index.js";
import type { Agent } from "./agent.js";

/** Waits that one agent, and all of them, may have open. */
const mostOfOne = 8;
const mostInAll = 64;
/** What changes within this time is looked at once, milliseconds. */
const gatherMs = 50;

/** How many waits each agent has open, by its token. */
export type OpenWaits = Map<string, number>;

/** The waits of agents: each looks again when something changed, and holds nothing but its place. */
export class Waits {
  readonly #open: OpenWaits;
  readonly #ends: AbortSignal;

  /**
   * @param ends aborts when the gateway stops: whoever waits is told then that nothing came
   * @param open what is counted, together with the other doors that agents come by
   */
  constructor(
    private readonly deps: { store: Pick<Store, "watch">; clock: Clock },
    ends: AbortSignal,
    open: OpenWaits,
  ) {
    this.#open = open;
    this.#ends = ends;
  }

  /**
   * Looks until something is found.
   * @param ms most time, milliseconds
   * @param left aborts when the agent is gone
   * @returns undefined where nothing was found in time
   * @throws `RATE_LIMITED` where too many wait; `TOKEN_REFUSED` when the agent's rights ended meanwhile; what `look` throws
   */
  async until<Found>(
    agent: Agent,
    look: () => Promise<Found | undefined>,
    ms: number,
    left: AbortSignal,
  ): Promise<Found | undefined> {
    const { tokenId } = agent;
    const own = this.#open.get(tokenId) ?? 0;
    const all = [...this.#open.values()].reduce((sum, count) => sum + count, 0);
    if (own >= mostOfOne || all >= mostInAll)
      throw new TapbackError("RATE_LIMITED", `${own >= mostOfOne ? own : all} calls wait already`, {
        hint: "Wait for one of them to end.",
      });
    this.#open.set(tokenId, own + 1);
    const over = new AbortController();
    const unfollow = follow(over, left, this.#ends);
    try {
      return await this.#looked(agent, look, ms, over.signal);
    } finally {
      unfollow();
      const now = this.#open.get(tokenId)! - 1;
      if (now === 0) this.#open.delete(tokenId);
      else this.#open.set(tokenId, now);
    }
  }

  async #looked<Found>(
    agent: Agent,
    look: () => Promise<Found | undefined>,
    ms: number,
    over: AbortSignal,
  ): Promise<Found | undefined> {
    const { store, clock } = this.deps;
    let isChanged = false;
    let wake = () => {};
    const changed = () => {
      isChanged = true;
      wake();
    };
    const stops = (["rows", "outbox"] as const satisfies Topic[]).map((topic) => store.watch(topic, changed));
    const until = clock.now() + ms;
    try {
      for (;;) {
        isChanged = false;
        const found = await look();
        if (found !== undefined) return found;
        const rest = until - clock.now();
        if (over.aborted || rest <= 0) return undefined;
        if (!isChanged) {
          const woken = new AbortController();
          wake = () => woken.abort();
          await clock.sleep(rest, AbortSignal.any([over, woken.signal]));
          wake = () => {};
        }
        if (isChanged) await clock.sleep(Math.min(gatherMs, rest), over);
        if (!(await agent.isStillIn()))
          throw new TapbackError("TOKEN_REFUSED", "the token was taken back, or its time is over");
      }
    } finally {
      for (const stop of stops) stop();
    }
  }
}
