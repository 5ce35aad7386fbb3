import type { Clock, StopTimer } from "./clock.js";
import { sleptMs } from "./deadline.js";
import { localTime } from "./local-time.js";
import type { Log } from "./log.js";

/** How often it is looked whether time went by, milliseconds. */
const everyMs = 10_000;
/** Sleeps that are remembered, and for how long, milliseconds. */
const mostKept = 20;
const keptMs = 24 * 3600_000;

/** A time in which this machine did not run; ISO 8601, UTC. */
export interface Sleep {
  from: string;
  to: string;
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
  get sleeps(): Sleep[] {
    const since = this.deps.clock.now() - keptMs;
    return this.#sleeps.filter(({ to }) => Date.parse(to) > since);
  }

  #look(): void {
    const { clock, log } = this.deps;
    const from = this.#lastAt;
    const to = clock.now();
    this.#lastAt = to;
    if (to - from <= everyMs + sleptMs) return;
    this.#sleeps = [...this.sleeps, { from: isoTime(from), to: isoTime(to) }].slice(-mostKept);
    log.warn(`this machine slept from ${localTime(from)} to ${localTime(to)}`);
  }
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}

/** When the machine slept, in one sentence. @param sleeps at least one, the oldest first */
export function sleepsText(sleeps: readonly Sleep[]): string {
  const { from, to } = sleeps.at(-1)!;
  const often = sleeps.length === 1 ? "" : `${sleeps.length} times within a day, the last time `;
  return `its machine slept ${often}from ${localTime(Date.parse(from))} to ${localTime(Date.parse(to))}; nothing is answered meanwhile`;
}
