/** Writes a time for people, in the local zone: `2026-05-09 18:04:11`; today's without its date. @param at milliseconds since the epoch */
export function localTime(at: number, now = Date.now()): string {
  const date = new Date(at);
  const clock = date.toTimeString().slice(0, 8);
  if (date.toDateString() === new Date(now).toDateString()) return clock;
  return `${localDay(at)} ${clock}`;
}

/**
 * @param at milliseconds since the epoch
 * @param ago so many days of the calendar before, of which two in a year do not have 24 hours
 * @returns its day in the local zone, `2026-05-09`
 */
export function localDay(at: number, ago = 0): string {
  const now = new Date(at);
  const date = new Date(now.getFullYear(), now.getMonth(), now.getDate() - ago);
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) =>
    String(part).padStart(2, "0"),
  );
  return day.join("-");
}
