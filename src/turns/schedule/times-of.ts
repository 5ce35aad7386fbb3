import { CronLine, type Log, messageOf } from "../../platform/index.js";
import type { ScheduledMessage } from "../../store/index.js";

/**
 * The times of a schedule that is due.
 * @param now milliseconds since the epoch
 * @returns the newest time that has come, of however many were missed, and the next one; undefined where it comes once
 */
export function timesOf(
  { id, dueAt, repeat }: ScheduledMessage,
  now: number,
  log: Log,
): { newest: number; next: number | undefined } {
  if (!repeat) return { newest: dueAt, next: undefined };
  try {
    const line = new CronLine(repeat.cron, repeat.zone);
    return { newest: Math.max(dueAt, line.last(now)), next: line.next(now) };
  } catch (error) {
    // Written by another version, or its zone is not known here: it must not hold up the others.
    log.error(`a schedule comes for the last time: ${messageOf(error)}`, { id });
    return { newest: dueAt, next: undefined };
  }
}
