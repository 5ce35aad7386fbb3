import type { Clock } from "./clock.js";
import { messageOf, TapbackError } from "./errors.js";
import type { Log } from "./log.js";

/** A full disk is looked at again after this, milliseconds. */
const againMs = 1000;

export interface UntilStored {
  clock: Clock;
  log: Log;
  /** Ends the tries. */
  signal: AbortSignal;
  /** What is told once, e.g. "the end of a turn cannot be stored". */
  what: string;
  /** Facts for the log. */
  fields?: Record<string, unknown>;
  /** Between tries, milliseconds. */
  retryMs?: number;
  /** Whether an error may pass by itself; default: what the store names, for the rest is a fault of ours. */
  mayPass?: (error: unknown) => boolean;
}

/**
 * Writes again and again until the disk takes it: what was done must not be forgotten because the disk is full for a while.
 * @returns what the write returned
 * @throws the write's error when the signal ended the tries, and at once one that does not pass
 */
export async function untilStored<T>(write: () => Promise<T>, how: UntilStored): Promise<T> {
  const { clock, log, signal, what, fields, retryMs = againMs, mayPass = isNamed } = how;
  for (let failures = 0; ; failures++) {
    try {
      return await write();
    } catch (error) {
      if (!mayPass(error)) throw error;
      if (failures === 0) log.error(`${what}: ${messageOf(error)}`, fields);
      if (!(await clock.sleep(retryMs, signal))) throw error;
    }
  }
}

const isNamed = (error: unknown): boolean => error instanceof TapbackError;
