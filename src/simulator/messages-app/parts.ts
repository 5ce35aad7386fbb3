import type { BodyRun } from "../chat-db/typedstream.js";
import type { World } from "../world/world.js";
import type { PartRanges } from "./summary.js";

/** What stands in a text in the place of a file. */
export const placeholder = "\ufffc";

/**
 * The stretches of a text that begins with the placeholders of its files: each file is a part, and the words behind them one.
 * @param files GUIDs of the attachments, in order
 * @param mentions words of the text and the handle that each of them names, where it stands first
 * @returns undefined for a plain text
 */
export function runsOf(
  text: string,
  files: string[],
  mentions: Record<string, string> = {},
): BodyRun[] | undefined {
  const named = Object.entries(mentions)
    .map(([word, handle]) => ({ start: text.indexOf(word, files.length), word, handle }))
    .filter(({ start, word }) => start >= 0 && word !== "")
    .sort((a, b) => a.start - b.start);
  if (files.length === 0 && named.length === 0) return undefined;
  const runs: BodyRun[] = files.map((file, part) => ({ length: placeholder.length, part, file }));
  const part = files.length;
  let at = files.length * placeholder.length;
  for (const { start, word, handle } of named) {
    if (start < at) continue;
    if (start > at) runs.push({ length: start - at, part });
    runs.push({ length: word.length, part, mention: handle });
    at = start + word.length;
  }
  if (at < text.length) runs.push({ length: text.length - at, part });
  return runs;
}

/** GUIDs of the files that stand at the beginning of a message's text. */
export function filesOf(world: World, message: { id: number; text: string }): string[] {
  const placeholders = /^\ufffc*/.exec(message.text)![0].length;
  return world
    .sql(
      `SELECT a.guid FROM message_attachment_join j JOIN attachment a ON a.ROWID = j.attachment_id
       WHERE j.message_id = ? ORDER BY a.ROWID LIMIT ?`,
    )
    .all(message.id, placeholders)
    .map((row) => String(row.guid));
}

/** Where the parts of a message lie: those of its files, then that of its words. @param files how many files lead */
export function partsOf(text: string, files: number): PartRanges {
  const parts = Array.from({ length: files }, (_, start) => ({ start, length: placeholder.length }));
  if (text.length > files || files === 0) parts.push({ start: files, length: text.length - files });
  return parts;
}
