import { changeBetween, type MessageRow, readableText } from "../../conversation/index.js";
import type { JournalEntry } from "../journal.js";

/**
 * The news that a row brings of a message that is in the journal already, as a row of its own (behaviour 9.7). Its GUID is the
 * message's with a number behind it, so that each state is told once.
 * @param entry the message
 * @param earlier the news of it so far, oldest first
 * @returns undefined where it says the same still, or where nobody was told of it
 */
export function changeOf(
  entry: JournalEntry,
  earlier: readonly MessageRow[],
  row: MessageRow,
): MessageRow | undefined {
  if (row.fromMe || row.tapback || row.guid === "" || entry.row.tapback) return undefined;
  const { decision } = entry;
  const isTold = !decision || decision.kind === "dispatch" || decision.kind === "context";
  if (!isTold) return undefined;
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
