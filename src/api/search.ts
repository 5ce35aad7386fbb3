import { shownText } from "../conversation/index.js";
import type { JournalEntry } from "../store/index.js";

/** Rows that one request looks through for words. */
export const mostLookedThrough = 5000;
/** How many of them at a time. */
const slice = 500;

/** Which rows are looked for. */
export interface Wanted {
  limit: number;
  /** Case does not matter; empty: any row. */
  words: string;
  /** The number behind which is looked; undefined: from the beginning. */
  from: number | undefined;
  /** Whether a row may be told of at all. */
  isReached: (entry: JournalEntry) => boolean;
}

/** What was found of a list. */
export interface Found {
  entries: JournalEntry[];
  /** The number of the last row that was looked at. */
  at: number | undefined;
  /** Whether there may be more behind it. */
  isMore: boolean;
}

/**
 * Looks for words in the rows of a list: in the text, and in whom and where it is from. Without words it reads once.
 * @param read reads so many rows behind a number, in the order of the list
 */
export async function lookedThrough(
  { limit, words, from, isReached }: Wanted,
  read: (behind: number | undefined, size: number) => Promise<JournalEntry[]>,
): Promise<Found> {
  const wanted = words.trim().toLowerCase();
  const entries: JournalEntry[] = [];
  const size = wanted === "" ? limit : slice;
  let at = from;
  let isMore = true;
  for (let left = wanted === "" ? size : mostLookedThrough; isMore && left > 0; left -= size) {
    const rows = await read(at, size);
    isMore = rows.length === size;
    for (const entry of rows) {
      if (entries.length === limit) return { entries, at, isMore: true };
      at = entry.id;
      if (isReached(entry) && (wanted === "" || hasWords(entry, wanted))) entries.push(entry);
    }
  }
  return { entries, at, isMore };
}

function hasWords({ row }: JournalEntry, wanted: string): boolean {
  return [shownText(row), row.senderName ?? "", row.sender, row.chat.name].some((text) =>
    text.toLowerCase().includes(wanted),
  );
}
