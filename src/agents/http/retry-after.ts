/** The longest wait that is honoured, milliseconds; a service that asks for more has failed for this turn. */
const maxWaitMs = 60_000;

/**
 * Reads a `Retry-After` header: seconds or a date.
 * @returns milliseconds to wait, or undefined when there is none, it cannot be read, or it asks for more than a minute
 */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const wait = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(wait) || wait > maxWaitMs ? undefined : Math.max(0, wait);
}
