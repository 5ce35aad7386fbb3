/**
 * Tells when the quiet hours end that a moment lies in.
 * @param hours `22:00-07:00`, in the local zone; over midnight where the end comes first
 * @param at milliseconds since the epoch
 * @returns milliseconds since the epoch; undefined outside of them
 */
export function quietHoursEnd(hours: string, at: number): number | undefined {
  const [from = 0, to = 0] = hours.split("-").map(minuteOfDay);
  const date = new Date(at);
  const minute = date.getHours() * 60 + date.getMinutes();
  const isQuiet = from < to ? minute >= from && minute < to : minute >= from || minute < to;
  if (!isQuiet) return undefined;
  const day = date.getDate() + (to <= minute ? 1 : 0);
  const end = new Date(date.getFullYear(), date.getMonth(), day, 0, to).getTime();
  // In the hour that a clock repeats, the end may have been an hour ago.
  return end > at ? end : end + 3600_000;
}

function minuteOfDay(clock: string): number {
  const [hour = 0, minute = 0] = clock.split(":").map(Number);
  return hour * 60 + minute;
}
