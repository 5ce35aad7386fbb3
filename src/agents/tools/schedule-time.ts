import { cutText } from "../../conversation/index.js";
import { TapbackError, WallClock } from "../../platform/index.js";

const hasOffset = /(?:Z|[+-]\d{2}:?\d{2})$/i;
const localDay = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{1,2}):(\d{2})(?::(\d{2}))?$/;
const timeOfDay = /^(\d{1,2}):(\d{2})$/;

/**
 * Reads a time as a model names it: with an offset, as a clock of the zone shows it, or a time of the day alone, which is the
 * next one (behaviour 6.6a).
 * @param now milliseconds since the epoch
 * @param zone IANA name
 * @returns milliseconds since the epoch
 * @throws `ACTION_PARAMETERS`
 */
export function readTime(text: string, now: number, zone: string): number {
  const time = text.trim();
  const clock = new WallClock(zone);
  const [, hour, minute] = timeOfDay.exec(time) ?? [];
  if (Number(hour) < 24 && Number(minute) < 60) return clock.next(now, Number(hour), Number(minute), 0);
  const at = hasOffset.test(time) ? Date.parse(time) : localTimeIn(time, clock, now);
  if (at !== undefined && !Number.isNaN(at)) return at;
  throw new TapbackError(
    "ACTION_PARAMETERS",
    `"at" must be a time as 2026-01-31T09:00:00+01:00, 2026-01-31T09:00 or 09:00 (${zone}), not "${cutText(text, 40)}"`,
  );
}

function localTimeIn(text: string, clock: WallClock, now: number): number | undefined {
  const parts = localDay
    .exec(text)
    ?.slice(1)
    .map((part) => Number(part ?? 0));
  if (!parts) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  const shown = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const isThere =
    shown.getUTCMonth() === month - 1 && shown.getUTCDate() === day && minute < 60 && second < 60;
  if (!isThere) return undefined;
  const instants = clock.instants(shown.getTime());
  return instants.find((at) => at > now) ?? instants[0];
}
