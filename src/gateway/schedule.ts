import { type Clock, crashPoint, type Log, messageOf } from "../platform/index.js";
import type { Store } from "../store/index.js";

/** Timers cannot be longer than this (2^31 − 1 ms); a later message is looked at again then. */
const longestMs = 2_147_483_647;

/** Hands scheduled messages to the outbox when they fall due; those that fell due while nothing ran, at the start. */
export class ScheduleClock {
  #timer: NodeJS.Timeout | undefined;
  #unwatch = () => {};

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  start(): void {
    this.#unwatch = this.store.watch("schedule", () => this.#arm());
    this.#arm();
  }

  stop(): void {
    this.#unwatch();
    clearTimeout(this.#timer);
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const due = this.store.schedule.nextDue();
    if (due === undefined) return;
    const wait = Math.min(Math.max(0, due - this.clock.now()), longestMs);
    this.#timer = setTimeout(() => void this.#release(), wait);
  }

  async #release(): Promise<void> {
    try {
      await this.store.schedule.release(this.clock.now());
      crashPoint("schedule.released");
      this.#arm();
    } catch (error) {
      this.log.error("scheduled messages could not be handed over", { error: messageOf(error) });
      this.#timer = setTimeout(() => this.#arm(), 1000);
    }
  }
}
