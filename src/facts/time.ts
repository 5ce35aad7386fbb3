/** @param at milliseconds since the epoch @returns ISO 8601, UTC; null for what has not happened */
export function iso(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}
