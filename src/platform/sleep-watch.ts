import type { Clock, StopTimer } from "./clock.js";
import { sleptMs } from "./deadline.js";
import { localTime } from "./local-time.js";
import type { Log } from "./log.js";

/** How often it is looked whether time went by, milliseconds. */
const everyMs = 10_000;
/** Sleeps that are remembered, and for how long, milliseconds. */
const mostKept = 20;
const keptMs = 24 * 3600_000;

/** A time in which this machine did not run; milliseconds since the epoch. */
export interface Sleep {
  from: number;
  to: number;
}

/** Finds that the machine slept: a timer that goes off more than a minute late says so (behaviour 1.7). */
export class SleepWatch {
  #stopTimer: StopTimer = () => {};
  #lastAt = 0;
  #sleeps: Sleep[] = [];

  constructor(private readonly deps: { clock: Clock; log: Pick<Log, "warn"> }) {}

  /** Begins to look, every ten seconds. */
  start(): void {
    const { clock } = this.deps;
    this.#lastAt = clock.now();
    this.#stopTimer = clock.every(everyMs, () => this.#look(), { unref: true });
  }

  /** Looks no more. */
  stop(): void {
    this.#stopTimer();
  }

  /** The sleeps of the last 24 hours, the oldest first. */
  get sleeps(): readonly Sleep[] {
    const since = this.deps.clock.now() - keptMs;
    return this.#sleeps.filter(({ to }) => to > since);
  }

  #look(): void {
    const { clock, log } = this.deps;
    const sleep = { from: this.#lastAt, to: clock.now() };
    this.#lastAt = sleep.to;
    if (sleep.to - sleep.from <= everyMs + sleptMs) return;
    this.#sleeps = [...this.sleeps, sleep].slice(-mostKept);
    log.warn(`this machine slept from ${localTime(sleep.from)} to ${localTime(sleep.to)}`);
  }
}
