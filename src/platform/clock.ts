import { setMaxListeners } from "node:events";

/** Ends a timer; after it went off, or a second time, this does nothing. */
export type StopTimer = () => void;

/** How a timer is set. */
export interface TimerOptions {
  /** The process may end while the timer waits. */
  unref?: boolean;
}

/** Time as it comes in through parameters, so that tests own it: what time it is, and every wait. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /**
   * Waits, and stops waiting when the signal says so.
   * @param ms milliseconds
   * @returns true when the time passed, false when it was cut short
   */
  sleep(ms: number, signal?: AbortSignal): Promise<boolean>;
  /** Does something once. @param ms milliseconds from now */
  after(ms: number, act: () => void, options?: TimerOptions): StopTimer;
  /** Does something again and again. @param ms milliseconds between two times, and before the first */
  every(ms: number, act: () => void, options?: TimerOptions): StopTimer;
}

/**
 * How long is waited at once for a moment of the wall clock before the clock is looked at again, milliseconds: a timer stands
 * still while the machine sleeps, and hears nothing of a clock that is set (behaviour 1.7).
 */
export const longestWaitMs = 60_000;

/**
 * Waits, and stops waiting when the signal says so.
 * @param ms milliseconds
 * @returns true when the time passed, false when it was cut short
 */
export function sleep(ms: number, signal?: AbortSignal): Promise<boolean> {
  return sleepOn(systemClock, ms, signal);
}

/** The wait of a clock that has timers. @returns as {@link Clock.sleep} */
export function sleepOn(clock: Pick<Clock, "after">, ms: number, signal?: AbortSignal): Promise<boolean> {
  if (signal?.aborted) return Promise.resolve(false);
  // Any number of waits may listen to one signal, and each removes its listener: no leak to be warned of.
  if (signal) setMaxListeners(0, signal);
  return new Promise((resolve) => {
    const done = (elapsed: boolean) => {
      stop();
      signal?.removeEventListener("abort", onAbort);
      resolve(elapsed);
    };
    const onAbort = () => done(false);
    const stop = clock.after(ms, () => done(true));
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

/**
 * Waits for work, but no longer than a time; no timer is left behind, which would keep the process from its end.
 * @param ms milliseconds
 * @returns what the work came to; undefined when it did not in time
 * @throws what the work throws in time
 */
export async function awaitWithin<T>(
  clock: Pick<Clock, "sleep">,
  ms: number,
  work: Promise<T>,
): Promise<T | undefined> {
  const over = new AbortController();
  try {
    return await Promise.race([work, clock.sleep(ms, over.signal).then(() => undefined)]);
  } finally {
    over.abort();
  }
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep,
  after: (ms, act, { unref = false } = {}) => {
    const timer = setTimeout(act, ms);
    if (unref) timer.unref();
    return () => clearTimeout(timer);
  },
  every: (ms, act, { unref = false } = {}) => {
    const timer = setInterval(act, ms);
    if (unref) timer.unref();
    return () => clearInterval(timer);
  },
};
