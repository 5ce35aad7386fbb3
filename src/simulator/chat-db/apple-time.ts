/** 2001-01-01T00:00:00Z, where Apple's time begins, in milliseconds since 1970. */
const appleEpochMs = 978_307_200_000;

/**
 * Apple's time of a `chat.db` row: nanoseconds since 2001, a BigInt because it exceeds 2^53 (protocol reference 8.1).
 * @param ms milliseconds since 1970; of a fraction the microseconds count
 */
export function toAppleTime(ms: number): bigint {
  return BigInt(Math.round((ms - appleEpochMs) * 1000)) * 1000n;
}

/**
 * The SQL that reads a date column as milliseconds since 1970, small enough for a JavaScript number. Very old rows hold
 * seconds (protocol reference 8.1); 10^11 ns is 100 s after the epoch, so nothing real lies between. NULL is the beginning of
 * 2001, as imsg reads it (protocol reference 4.2).
 */
export function unixMs(column: string): string {
  const ms = `CASE WHEN abs(${column}) < 100000000000 THEN ${column} * 1000 ELSE ${column} / 1000000 END`;
  return `(coalesce(${ms}, 0) + ${appleEpochMs})`;
}

/** `attachment.created_date`: seconds since 2001 (protocol reference 8.2). */
export function toAppleSeconds(ms: number): number {
  return Math.round((ms - appleEpochMs) / 1000);
}
