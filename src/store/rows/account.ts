import type { MessageRow } from "../../conversation/index.js";
import type { SqlValue } from "../../platform/index.js";

/** Rows that are read again at a start: about 20 ms each in a large database (protocol reference 12, row 6). */
const overlapRows = 20;

/** Among so many of the newest sends those are looked for whose rows came back: a build that tells no rows has none at all. */
export const sendsLookedAt = 500;

/**
 * Among so many of the newest rows a second one is looked for that leapt like the first: a new Messages database counts every
 * row from afar.
 */
export const leapsLookedAt = 5000;

/** As the contract's `resumePoint`. @param row of the account; absent before its first start */
export function resumeFrom(row: Record<string, SqlValue> | undefined): number {
  const cursor = Number(row?.cursor ?? 0);
  if (cursor <= 0) return cursor;
  const point = Math.max(Number(row!.first), cursor - overlapRows);
  // 0 would mean "from now" (protocol reference 12, row 2).
  return point > 0 ? point : -1;
}

/** Where the subscription that reported rows may resume behind each. What was found otherwise may lie behind rows that are still to come. */
export function cursorsOf(rows: readonly MessageRow[]): number[] {
  return rows.flatMap(({ cursor }) => cursor ?? []);
}
