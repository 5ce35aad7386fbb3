import {
  hasSeveralPeople,
  type MessageRow,
  normalizeHandle,
  readableText,
} from "../../conversation/index.js";

/** Somebody who said STOP since a backup. */
export interface Stop {
  /** In normal form. */
  handle: string;
  /** When it was written, milliseconds since the epoch. */
  since: number;
}

/**
 * Whose last word was STOP, of what is put aside and not answered after a restore: it is carried out all the same (behaviour 1.8a).
 * A START among them counts for nothing but that; who stopped before the backup has to say it again.
 * @param rows in any order
 * @param words that end everything, in capitals
 * @param owners whom no STOP ends, in normal form
 * @param region of the account, in which numbers without `+` are read
 */
export function stopsIn(
  rows: readonly MessageRow[],
  words: ReadonlySet<string>,
  owners: readonly string[],
  region: string,
): Stop[] {
  const last = new Map<string, { row: MessageRow; isStop: boolean }>();
  for (const row of rows) {
    const word = readableText(row.text).toUpperCase();
    const isStop = words.has(word);
    const handle = normalizeHandle(row.sender, region);
    if (row.fromMe || row.tapback || handle === "" || owners.includes(handle)) continue;
    if (hasSeveralPeople(row.chat, row.destination) || !(isStop || word === "START")) continue;
    const before = last.get(handle);
    if (!before || before.row.sentAt <= row.sentAt) last.set(handle, { row, isStop });
  }
  return [...last].flatMap(([handle, { row, isStop }]) => (isStop ? [{ handle, since: row.sentAt }] : []));
}
