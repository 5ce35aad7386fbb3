import { type Clock, deadline, type StopTimer } from "../../platform/index.js";

/** What a heartbeat needs to know of a child. */
export interface Pulse {
  /** A request would have to wait for one that is under way: that one's time-out watches the child then. */
  readonly busy: boolean;
  /** Milliseconds since the epoch. */
  readonly lastAnswerAt: number | undefined;
}

/**
 * Asks a silent child for a sign of life (behaviour 1.2). One timer, re-armed only when it fires: nothing is done per
 * message. A child that is busy with a slow request is left alone, for up to 0.13 it answers one at a time.
 */
export class Heartbeat {
  #stopTimer: StopTimer = () => {};
  #stopped = false;
  readonly #since: number;

  /**
   * @param intervalMs silence after which the child is asked
   * @param ask sends the request; must not reject
   */
  constructor(
    private readonly pulse: Pulse,
    private readonly intervalMs: number,
    private readonly clock: Clock,
    private readonly ask: () => Promise<void>,
  ) {
    this.#since = clock.now();
    this.#arm(intervalMs);
  }

  /** Asks no more. */
  stop(): void {
    this.#stopped = true;
    this.#stopTimer();
  }

  #arm(ms: number): void {
    if (this.#stopped) return;
    this.#stopTimer = deadline(this.clock, ms, () => void this.#beat(), { unref: true });
  }

  async #beat(): Promise<void> {
    const silence = this.clock.now() - (this.pulse.lastAnswerAt ?? this.#since);
    if (this.pulse.busy) return this.#arm(this.intervalMs);
    // A clock that was set back must not put the next beat off for hours.
    if (silence >= 0 && silence < this.intervalMs) return this.#arm(this.intervalMs - silence);
    await this.ask();
    this.#arm(this.intervalMs);
  }
}
