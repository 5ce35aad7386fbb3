import type { MessageRow } from "../conversation/index.js";

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
