import { TapbackError } from "../../platform/index.js";
import type { JournalEntry, Store } from "../../store/index.js";

/** @param message a number of the journal, a GUID, or `last` @throws `MESSAGE_UNKNOWN` */
export function findEntry(store: Store, message: string): JournalEntry {
  const entry =
    message === "last"
      ? store.journal.list({ limit: 1 })[0]
      : /^\d+$/.test(message)
        ? store.journal.get(Number(message))
        : store.journal.findByGuid(message);
  if (entry) return entry;
  throw new TapbackError("MESSAGE_UNKNOWN", `there is no message ${message} in the journal`, {
    hint: "`tapback inbox` lists the messages with their numbers.",
  });
}
