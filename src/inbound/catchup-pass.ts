import type { MessageRow } from "../conversation/index.js";
import type { JournalEntry } from "../store/index.js";

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
