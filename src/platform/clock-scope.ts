import { type Clock, type StopTimer, sleepOn } from "./clock.js";

/** A clock whose timers end together, with whatever they belong to. */
export interface ClockScope {
  clock: Clock;
  /** How many of its timers wait. */
  readonly waiting: number;
  /** Ends its timers; what is set from then on never goes off. */
  end(): void;
}

/**
 * Gives a part of this process timers of its own, as a process has them.
 * @param shiftMs how far its time of day is ahead, milliseconds; waits are as long as they are
 */
export function scopedClock(clock: Clock, shiftMs: () => number = () => 0): ClockScope {
  const stops = new Set<StopTimer>();
  let ended = false;
  const keep = (set: (done: () => void) => StopTimer): StopTimer => {
    if (ended) return () => {};
    let stopTimer: StopTimer = () => {};
    const stop = () => {
      stops.delete(stop);
      stopTimer();
    };
    stopTimer = set(() => stops.delete(stop));
    stops.add(stop);
    return stop;
  };
  const own: Clock = {
    now: () => clock.now() + shiftMs(),
    sleep: (ms, signal) => sleepOn(own, ms, signal),
    after: (ms, act, options) =>
      keep((done) =>
        clock.after(
          ms,
          () => {
            done();
            act();
          },
          options,
        ),
      ),
    every: (ms, act, options) => keep(() => clock.every(ms, act, options)),
  };
  return {
    clock: own,
    get waiting() {
      return stops.size;
    },
    end: () => {
      ended = true;
      for (const stop of [...stops]) stop();
    },
  };
}
