import { cutText, isLink } from "../../conversation/index.js";

/** Most source rows of a turn: the first ones and the latest (behaviour 9.3). */
export const maxSources = 10;
/** Longest merged text, UTF-16 code units, and what marks the cut. */
export const maxText = 4000;
const truncated = "…[truncated]";

/** Whether a text has a link in it, whatever sign of the sentence follows it. */
function hasLink(text: string, link: string): boolean {
  const wanted = bare(link);
  return text.split(/\s+/).some((word) => bare(word) === wanted);
}

/** A word without the signs of the sentence around it. */
function bare(word: string): string {
  let start = 0;
  let end = word.length;
  while (start < end && "([<\"'".includes(word[start]!)) start++;
  while (end > start && "/.,;:!?)]>\"'".includes(word[end - 1]!)) end--;
  return word.slice(start, end);
}

/**
 * Merges the rows of one turn: which are kept, and their text as one. The text of a single row is never cut.
 * @param rows oldest first, each with its text as an agent reads it
 */
export function merge<Row extends { text: string }>(rows: Row[]): { kept: Row[]; text: string } {
  if (rows.length <= 1) return { kept: rows, text: rows[0]?.text ?? "" };
  const kept = rows.length <= maxSources ? rows : [...rows.slice(0, maxSources - 1), rows.at(-1)!];
  let text = "";
  for (const { text: whole } of kept) {
    // The preview of a link that its sentence has already.
    const part = isLink(whole) && hasLink(text, whole) ? "" : whole;
    // A link that Messages split off its sentence goes back where it was typed.
    const gap = isLink(part) ? " " : "\n";
    text += text === "" || part === "" ? part : gap + part;
  }
  return { kept, text: cutText(text, maxText, truncated) };
}
