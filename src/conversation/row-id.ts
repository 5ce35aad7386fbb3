/** A row id that lies further above the newest known one is not believed before a row near it is there (behaviour 9.5). */
export const farRows = 1_000_000;

/** Whether a row id says nothing by itself: it lies so far above the newest known one. */
export function isFarAbove(rowId: number, newest: number): boolean {
  return rowId - Math.max(0, newest) > farRows;
}

/** Whether two rows stand for each other: their ids lie near each other, and are not the same. */
function areNear(one: number, other: number): boolean {
  return one !== other && Math.abs(one - other) <= farRows;
}

/**
 * The newest row id that can be believed: a single absurd one (2^53 - 1, a damaged row) would hide every row after it,
 * for a subscription begins behind the newest known row.
 * @param newest the newest one known so far
 * @param seen ids that may be newer, in any order
 */
export function newestRowId(newest: number, seen: readonly number[]): number {
  let known = newest;
  for (const id of seen.toSorted((a, b) => a - b))
    if (id > known && (!isFarAbove(id, known) || seen.some((other) => areNear(id, other)))) known = id;
  return known;
}
