import { setMaxListeners } from "node:events";

/** Time as it comes in through parameters, so that tests own it. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now() };

/**
 * Waits, and stops waiting when the signal says so.
 * @param ms milliseconds
 * @returns true when the time passed, false when it was cut short
 */
export function sleep(ms: number, signal?: AbortSignal): Promise<boolean> {
  if (signal?.aborted) return Promise.resolve(false);
  // Any number of waits may listen to one signal, and each removes its listener: no leak to be warned of.
  if (signal) setMaxListeners(0, signal);
  return new Promise((resolve) => {
    const done = (elapsed: boolean) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      resolve(elapsed);
    };
    const onAbort = () => done(false);
    const timer = setTimeout(() => done(true), ms);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
