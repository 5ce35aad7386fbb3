import { type Lock, lockState, refuseSecondGateway } from "../control/index.js";
import { type Clock, TapbackError } from "../platform/index.js";

/** Between two tries, milliseconds. */
const tryMs = 500;

/** How long the gateway before may take to end, milliseconds, and who is told that it is waited for. */
export interface FreeWait {
  waitMs: number;
  clock: Clock;
  onProgress: (text: string) => void;
}

/**
 * Takes the lock of a state directory; where the gateway before still ends, after it. Its control socket is gone before it has
 * settled what it began.
 * @returns undefined where nobody can hold it: no gateway starts where SQLite is missing, or others can write into the directory
 * @throws `GATEWAY_RUNNING` where it did not end in time; `STATE_UNWRITABLE`
 */
export async function lockWhenFree(stateDir: string, wait: FreeWait): Promise<Lock | undefined> {
  const { waitMs, clock, onProgress } = wait;
  const until = clock.now() + waitMs;
  for (let tries = 1; ; tries += 1) {
    try {
      await refuseSecondGateway(stateDir);
      return lockState(stateDir, "", clock.now());
    } catch (error) {
      const code = error instanceof TapbackError ? error.code : undefined;
      if (code === "SQLITE_UNAVAILABLE" || code === "STATE_EXPOSED") return undefined;
      if (code !== "GATEWAY_RUNNING" || clock.now() >= until) throw error;
    }
    if (tries === 1) onProgress("waiting until the gateway has ended …");
    await clock.sleep(tryMs);
  }
}
