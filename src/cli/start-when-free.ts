import type { Gateway } from "../gateway/index.js";
import { sleep, TapbackError } from "../platform/index.js";

/** Between two tries, milliseconds. */
const tryMs = 500;

/**
 * Starts a gateway; where the one before still ends, after it. A service manager that ended the app takes the service for
 * ended while its gateway finishes (behaviour 1.6e).
 * @param limits.waitMs how long the one before may take, milliseconds @param limits.ended settles when no start is wanted any more
 * @returns whether it was started
 * @throws as {@link Gateway.start}
 */
export async function startWhenFree(
  gateway: Pick<Gateway, "start">,
  { waitMs, ended }: { waitMs: number; ended: Promise<unknown> },
): Promise<boolean> {
  const until = Date.now() + waitMs;
  const over = new AbortController();
  void ended.then(() => over.abort());
  for (;;) {
    try {
      await gateway.start();
      return true;
    } catch (error) {
      const isTaken = error instanceof TapbackError && error.code === "GATEWAY_RUNNING";
      if (!isTaken || Date.now() >= until) throw error;
      if (!(await sleep(tryMs, over.signal))) return false;
    }
  }
}
