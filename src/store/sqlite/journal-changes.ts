import type { MessageRow } from "../../conversation/index.js";
import type { JournalEntry } from "../journal.js";
import { changeOf } from "../rows/change.js";
import { columnsOf, toEntry } from "../rows/entry.js";
import { entryNamed, insertRow } from "./entries.js";
import type { Base } from "./statements.js";

/** Journals what a row that is reported again brings, inside a transaction. @returns undefined where that is nothing */
export function insertChange(
  base: Base,
  account: string,
  row: MessageRow,
  came: Pick<JournalEntry, "arrival" | "receivedAt">,
): JournalEntry | undefined {
  const entry = row.guid === "" ? undefined : entryNamed(base, row.guid, account);
  if (!entry) return undefined;
  const earlier = base
    .sql("SELECT * FROM journal WHERE account = ? AND guid > ? AND guid < ? ORDER BY id")
    // Between "#" and the character after it.
    .all(account, `${row.guid}#`, `${row.guid}$`)
    .map((found) => toEntry(found).row);
  const change = changeOf(entry, earlier, row);
  const id = change && insertRow(base, columnsOf(account, change, came.arrival, came.receivedAt));
  const stored = id === undefined ? undefined : base.sql("SELECT * FROM journal WHERE id = ?").get(id);
  return stored && toEntry(stored);
}
