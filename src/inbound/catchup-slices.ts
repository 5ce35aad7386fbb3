import { backlogLimitMs } from "../access/index.js";
import type { CatchupCursor, Reading } from "./catchup-cursor.js";

/** A span of send times, milliseconds since the epoch; without an end it is the last one. */
export interface Slice {
  /** Inclusive. */
  since: number;
  /** Exclusive. */
  until?: number;
}

/** What a pass looks through, milliseconds since the epoch by the Mac's clock. */
export interface Span {
  /** What was sent before is not answered, unless a crash left it. */
  answered: number;
  oldest: number;
  /** What was sent before is in the journal. */
  since: number;
  /** So much is read at a time, milliseconds. */
  sliceMs: number;
  to: number;
}

const minuteMs = 60_000;
/** Nothing shorter is worth a request of its own, milliseconds. */
const shortestMs = minuteMs;

/**
 * What Apple delivered late lies before the cursor by its time, so all that may be answered is looked through; after a
 * crash only what no start before has read, for the subscription reports then what comes late.
 * @param cursor undefined at a first run
 * @param to when the pass began
 */
export function spanOf(
  settings: {
    maxAgeMinutes: number;
    firstRunLookbackMinutes: number;
    crashedAt: number | undefined;
  },
  cursor: CatchupCursor | undefined,
  to: number,
): Span {
  const { maxAgeMinutes, firstRunLookbackMinutes, crashedAt } = settings;
  const minutes = cursor ? maxAgeMinutes : Math.min(maxAgeMinutes, firstRunLookbackMinutes);
  const answered = Math.floor(to - minutes * minuteMs);
  const oldest = crashedAt === undefined ? answered : Math.min(answered, to - backlogLimitMs);
  const died = crashedAt === undefined ? undefined : cursor?.reading;
  const since = Math.min(to, Math.max(oldest, died?.untilMs ?? oldest));
  return { answered, oldest, since, sliceMs: sliceMsAfter(died, to - since), to };
}

/**
 * How much a pass reads before what it read is journaled (behaviour 9.4): all at once at first, for each slice costs a
 * request per chat. A start that died before its pass had ended may have read too long: the next one reads half as much
 * at a time.
 * @param died what the start left that died; absent: the last pass ended
 * @param whole length of what is to be read, milliseconds
 */
function sliceMsAfter(died: Reading | undefined, whole: number): number {
  return Math.max(shortestMs, died ? Math.floor(Math.min(whole, died.sliceMs) / 2) : whole);
}

/** Divides a span into slices, oldest first; at least one, without an end, for what is dated ahead. */
export function slicesOf(since: number, until: number, sliceMs: number): Slice[] {
  const slices: Slice[] = [];
  let from = since;
  for (; from + sliceMs < until; from += sliceMs) slices.push({ since: from, until: from + sliceMs });
  return [...slices, { since: from }];
}
