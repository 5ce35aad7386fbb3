import type { MessageRow } from "../conversation/index.js";

/** What became of an account's messages between a backup and the moment when it is restored (behaviour 1.8a). */
export interface RestoredAccount {
  account: string;
  /** Rows of the journal that may have been answered since: they are kept, with the reason `restored`, and not answered. */
  aside: number[];
  /** Rows of Messages that the journal does not know and that may have been answered since: the same. */
  seen: MessageRow[];
  /** Own rows that the journal does not know: nobody wrote them by hand now. */
  own: MessageRow[];
  /** Who said STOP since, in normal form, and when, milliseconds since the epoch: nothing goes to them any more. */
  stops: { handle: string; since: number }[];
  /** When it counts as stopped on purpose, where nobody knows what was answered since; absent: as it was. */
  stoppedAt?: number;
}

/** A schedule that may have come since. */
export interface RestoredSchedule {
  id: string;
  /** When it comes again; absent: never. */
  next?: number | undefined;
}

/** What a state that was unpacked is made fit for, before a gateway gets to see it. */
export interface Restored {
  /** Now, milliseconds since the epoch. */
  at: number;
  /** Files that wait to be sent: the folder that they are to be in, absolute and without a link in it, and their paths in it. */
  waiting: { folder: string; names: readonly string[] };
  accounts: RestoredAccount[];
  schedules: RestoredSchedule[];
}
