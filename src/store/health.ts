import type { TapbackError } from "../platform/index.js";

/** What is known of the state's own health (behaviour 16.1); times in milliseconds since the epoch. */
export interface StoreHealth {
  /** The last write that was kept; absent before the first. */
  writtenAt?: number;
  /** Why the last write was not kept; absent when it was. */
  error?: TapbackError;
}
