import { type Clock, crashPoint, type Log, messageOf, type StopTimer } from "../../platform/index.js";
import type { ClaimedTurn, Store } from "../../store/index.js";
import type { SignsOfLife } from "./parts.js";

/**
 * Says once that a turn is at work, when its chat has seen nothing of it for some time (behaviour 6.3a): no word, no action,
 * no typing bubble. It says nothing while a question to a person is open, nor while its chat is held back by a budget.
 */
export class SignOfLife {
  readonly #sign: ReturnType<SignsOfLife["of"]>;
  #silentSince: number;
  #waiting = 0;
  #isOver = false;
  #stop: StopTimer = () => {};

  /** Begins to wait. */
  constructor(
    private readonly claimed: ClaimedTurn,
    private readonly signs: SignsOfLife,
    private readonly deps: { store: Store; clock: Clock; log: Log },
  ) {
    this.#silentSince = deps.clock.now();
    this.#sign = signs.of(claimed.turn);
    if (this.#sign) this.#lookAfter(this.#sign.afterMs);
  }

  /** The turn waits for a person. @returns says, once, that it does not any more */
  wait(): () => void {
    this.#waiting += 1;
    let isWaiting = true;
    return () => {
      if (!isWaiting) return;
      isWaiting = false;
      this.#waiting -= 1;
      this.#silentSince = this.deps.clock.now();
    };
  }

  /** The turn is over. */
  end(): void {
    this.#isOver = true;
    this.#stop();
  }

  #lookAfter(ms: number): void {
    if (this.#isOver) return;
    const { clock, log } = this.deps;
    const look = () =>
      this.#look().catch((error) => {
        log.warn(`nobody is told that a turn takes long: ${messageOf(error)}`, {
          turn: this.claimed.turn.id,
        });
      });
    this.#stop = clock.after(ms, () => void look(), { unref: true });
  }

  async #look(): Promise<void> {
    const { item, afterMs } = this.#sign!;
    const { clock, store } = this.deps;
    const { turn, claim } = this.claimed;
    const left = (await this.#lastHeard()) + afterMs - clock.now();
    if (left > 0) return this.#lookAfter(left);
    const isNeedless = (await this.#isHeld()) || (await this.signs.isNeedless(turn));
    if (isNeedless || this.#waiting > 0) return this.#lookAfter(afterMs);
    if (this.#isOver) return;
    await store.turns.sayAlive(claim, item, clock.now());
    crashPoint("turn.said-alive");
  }

  /** When the chat got the last word of the turn, or the agent last did something there. */
  async #lastHeard(): Promise<number> {
    const { store } = this.deps;
    const { id } = this.claimed.turn;
    const sent = (await store.outbox.ofTurn(id)).map(({ createdAt, settledAt }) => settledAt ?? createdAt);
    const done = (await store.actions.ofTurn(id)).map(({ beganAt }) => beganAt);
    return Math.max(this.#silentSince, ...sent, ...done);
  }

  /** What waits already goes first: a sign behind it would say nothing in time. */
  async #isHeld(): Promise<boolean> {
    const { outbox } = this.deps.store;
    const { id, account, chatKey } = this.claimed.turn;
    if ((await outbox.ofTurn(id)).some(({ state }) => state === "pending")) return true;
    return (await outbox.heldIn(account, [chatKey])) !== undefined;
  }
}
