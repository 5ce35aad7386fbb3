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

/** Looks until something is found. @returns undefined where nothing was, in time @throws what `look` throws; `TOKEN_REFUSED` */
export type Until = <Found>(look: () => Promise<Found | undefined>) => Promise<Found | undefined>;

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
  until<Found>(
    agent: Agent,
    look: () => Promise<Found | undefined>,
    ms: number,
    left: AbortSignal,
  ): Promise<Found | undefined> {
    return this.holding(agent, ms, left, (until) => until(look));
  }

  /**
   * Does what begins before its wait with the place of the wait taken: where there is none, nothing is begun.
   * @param ms most time of all of it, milliseconds; `work` is not cut off, but what it waits for then is looked for only once
   * @param left aborts when the agent is gone
   * @throws `RATE_LIMITED` where too many wait; what `work` throws
   */
  async holding<Done>(
    agent: Agent,
    ms: number,
    left: AbortSignal,
    work: (until: Until) => Promise<Done>,
  ): Promise<Done> {
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
    const end = this.deps.clock.now() + ms;
    try {
      return await work((look) => this.#looked(agent, look, end, over.signal));
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
    end: number,
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
    try {
      for (;;) {
        isChanged = false;
        const found = await look();
        if (found !== undefined) return found;
        const rest = end - clock.now();
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
