import { type Clock, type StopTimer, sleepOn, type TimerOptions } from "./clock.js";

/** A timer that goes off so much too late tells that the machine slept meanwhile, milliseconds (behaviour 1.7). */
export const sleptMs = 60_000;

/** What a deadline that was slept through gives once more, at most; milliseconds. */
export const freshMs = 10_000;

/** How a deadline is set. */
export interface DeadlineOptions extends TimerOptions {
  /** Told when the machine slept through it, before the fresh time begins. */
  onSleep?: () => void;
}

/**
 * Calls something too late, by its own time. After a sleep all timers go off at once, before anything that waits on a pipe is
 * read: then nothing is called too late yet, and another short time begins (behaviour 1.7).
 * @param ms milliseconds from now
 */
export function deadline(
  clock: Pick<Clock, "now" | "after">,
  ms: number,
  act: () => void,
  options: DeadlineOptions = {},
): StopTimer {
  const due = clock.now() + Math.max(0, ms);
  let stop = clock.after(
    ms,
    () => {
      if (clock.now() - due <= sleptMs) return act();
      options.onSleep?.();
      stop = deadline(clock, Math.min(ms, freshMs), act, options);
    },
    options,
  );
  return () => stop();
}

/** As {@link Clock.sleep}, for a wait after which something is called too late. */
export function deadlineSleep(
  clock: Pick<Clock, "now" | "after">,
  ms: number,
  signal?: AbortSignal,
): Promise<boolean> {
  return sleepOn({ after: (wait, act) => deadline(clock, wait, act) }, ms, signal);
}
