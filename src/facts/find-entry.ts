import { isRowNumber, TapbackError } from "../platform/index.js";
import type { JournalEntry, Store } from "../store/index.js";

/**
 * @param message a number of the journal, a GUID, or `last`
 * @param account in which a GUID is looked for; any when absent
 * @throws `MESSAGE_UNKNOWN`
 */
export async function findEntry(store: Store, message: string, account?: string): Promise<JournalEntry> {
  const entry =
    message === "last"
      ? (await store.journal.list({ limit: 1 }))[0]
      : isRowNumber(message)
        ? await store.journal.get(Number(message))
        : await store.journal.findByGuid(message, account);
  if (entry) return entry;
  throw new TapbackError("MESSAGE_UNKNOWN", `there is no message ${message} in the journal`, {
    hint: "`tapback inbox` lists the messages with their numbers.",
  });
}
