import type { MessageRow } from "../conversation/index.js";
import type { JournalEntry } from "../store/index.js";
import { keyOf } from "./history-since.js";
import type { InboundDeps } from "./intake-deps.js";

/** Where the rows of a pass go. */
export interface CatchUpRows {
  /** Journals rows and takes them through the gates. */
  take(rows: MessageRow[]): Promise<void>;
  /** Takes rows that the subscription reported and that turned out not to be the pass's, or that are in the journal by now. */
  release(rows: MessageRow[]): void;
  /** Whether the subscription passed over rows that may still come: the next start has to look back for them. */
  misses(): boolean;
}

/** A row of the pass, in order; without `id` nothing is to be waited for. */
export interface Step {
  row: MessageRow;
  /** The id of the row's journal entry. */
  id?: number;
  settled: boolean;
}

/** What a pass has come to so far. */
export interface Pass {
  sum: Record<
    "replayed" | "skippedFromMe" | "skippedGivenUp" | "failed" | "givenUp" | "fetchedCount",
    number
  >;
  steps: Step[];
  /** How many rows count towards the limit. */
  taken: number;
  /** The limit left rows to a later start. */
  isCapped: boolean;
  /** Rows that others were given to journal; what was read counts as read only when they did. */
  handedOver: MessageRow[];
}

/**
 * What a row is for a pass.
 * @param entry the row in the journal, where it is known
 * @param isGivenUp it failed as often as it may
 */
export function kindOf(
  row: MessageRow,
  entry: JournalEntry | undefined,
  isGivenUp: boolean,
): { is: "own" | "given-up" | "fresh" | "done" } | { is: "failed" | "underway"; id: number } {
  if (isGivenUp) return { is: "given-up" };
  const isWaiting = entry?.decision?.kind === "drop" && entry.decision.reason === "waiting_catchup";
  if (!entry || isWaiting) return { is: row.fromMe ? "own" : "fresh" };
  if (row.fromMe || entry.arrival !== "catchup" || entry.state === "done") return { is: "done" };
  return { is: entry.state === "failed" ? "failed" : "underway", id: entry.id };
}

/** Only what surely is in the journal counts as read. */
export async function areJournaled(
  rows: readonly MessageRow[],
  { store, claim }: Pick<InboundDeps, "store" | "claim">,
): Promise<boolean> {
  if (rows.length === 0) return true;
  const known = await store.journal.findByGuids(rows.map(keyOf), claim.id);
  return rows.every((row) => known.has(keyOf(row)));
}
