import type { Clock } from "../../platform/index.js";

/** How long an agent may take to stop after it was told to, before its turn is ended without it. */
const stopGraceMs = 5000;

/**
 * Passes events on until the signal aborts: then gives the agent a moment to stop, and goes on without it.
 * @throws the signal's reason, or what the agent threw
 */
export async function* untilAborted<T>(
  signal: AbortSignal,
  events: AsyncIterable<T>,
  clock: Pick<Clock, "after">,
): AsyncIterable<T> {
  const iterator = events[Symbol.asyncIterator]();
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => {
      clock.after(stopGraceMs, () => reject(signal.reason), { unref: true });
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  });
  aborted.catch(() => {});
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (signal.aborted) throw signal.reason;
      if (next.done) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    void iterator.return?.().catch(() => {});
  }
}
