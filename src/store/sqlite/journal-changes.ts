import { changeBetween, type MessageRow, readableText } from "../../conversation/index.js";
import type { JournalEntry } from "../journal.js";
import { columnsOf, entryNamed, insertRow, toEntry } from "./entries.js";
import type { Base } from "./statements.js";

/**
 * The news that a row brings of a message that is in the journal already, as a row of its own (behaviour 9.7). Its GUID is the
 * message's with a number behind it, so that each state is told once.
 * @returns undefined where it says the same still, or where nobody was told of it
 */
function changeOf(base: Base, account: string, row: MessageRow): MessageRow | undefined {
  if (row.fromMe || row.tapback || row.guid === "") return undefined;
  const entry = entryNamed(base, row.guid, account);
  if (!entry || entry.row.tapback) return undefined;
  const { decision } = entry;
  const isTold = !decision || decision.kind === "dispatch" || decision.kind === "context";
  if (!isTold) return undefined;
  const earlier = base
    .sql("SELECT * FROM journal WHERE account = ? AND guid > ? AND guid < ? ORDER BY id")
    // Between "#" and the character after it.
    .all(account, `${row.guid}#`, `${row.guid}$`)
    .map((found) => toEntry(found).row);
  const last = earlier.at(-1)?.change;
  const before = last ? { ...entry.row, text: last.text, attachments: [] } : entry.row;
  const kind = changeBetween(before, row);
  if (!kind) return undefined;
  const { replyTo: _, threadGuid: __, poll: ___, balloon: ____, preview: _____, ...rest } = row;
  const [was, is] = [readableText(before.text), readableText(row.text)];
  return {
    ...rest,
    guid: `${row.guid}#${earlier.length + 1}`,
    text: "",
    attachments: [],
    change: { guid: row.guid, kind, before: was, text: is },
  };
}

/** Journals what a row that is reported again brings, inside a transaction. @returns undefined where that is nothing */
export function insertChange(
  base: Base,
  account: string,
  row: MessageRow,
  came: Pick<JournalEntry, "arrival" | "receivedAt">,
): JournalEntry | undefined {
  const change = changeOf(base, account, row);
  const id = change && insertRow(base, columnsOf(account, change, came.arrival, came.receivedAt));
  const stored = id === undefined ? undefined : base.sql("SELECT * FROM journal WHERE id = ?").get(id);
  return stored && toEntry(stored);
}
