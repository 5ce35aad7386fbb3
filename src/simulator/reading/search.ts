import type { World } from "../world/world.js";
import type { ChatBook } from "./chats.js";
import { foldPreviews } from "./folding.js";
import { describeMessage, type MessageObject, type MessageRecord, readRows } from "./messages.js";

/** What is looked for, and how many of it. */
interface Wanted {
  words: string;
  isWhole: boolean;
  limit: number;
}

/**
 * Messages that have the words, newest first, without attachments and tapbacks (protocol reference 5 and 15.3). Blanks
 * around the words are no part of them, and nothing is found by blanks alone.
 */
export function search(
  world: World,
  book: ChatBook,
  query: string,
  match: "contains" | "exact",
  limit: number,
): MessageObject[] {
  const words = query.trim();
  if (words === "") return [];
  // A preview that is folded leaves its place to an older message.
  const wanted = { words, isWhole: match === "exact", limit: limit * 2 };
  const rows = world.since("0.15.0") ? inWhatIsSaid(world, wanted) : inTextColumn(world, wanted);
  return foldPreviews(world, rows.reverse())
    .reverse()
    .slice(0, limit)
    .map(({ message, preview }) => ({
      ...describeMessage(world, book, message, { attachments: false, reactions: false }),
      ...(preview === undefined ? {} : { url_preview: preview }),
    }));
}

const noTapback = "coalesce(m.associated_message_type, 0) NOT BETWEEN 2000 AND 3006";

/** By the text column alone, and without regard to case for the letters of ASCII. */
function inTextColumn(world: World, { words, isWhole, limit }: Wanted): MessageRecord[] {
  return readRows(
    world,
    `WHERE ${isWhole ? "lower(m.text) = lower(?)" : "m.text LIKE ? ESCAPE '\\'"}
     AND ${noTapback} ORDER BY m.date DESC, m.ROWID DESC LIMIT ?`,
    isWhole ? words : likeOf(words),
    limit,
  );
}

/** How many rows are read at a time. */
const batch = 500;

/** By what imsg shows of a row: its decoded body, what was said in it; a row in two chats is that of the lowest number. */
function inWhatIsSaid(world: World, { words, isWhole, limit }: Wanted): MessageRecord[] {
  const sought = words.toLowerCase();
  // Only where all letters are ASCII the database knows which texts cannot have them.
  const narrow = /^[\x20-\x7e]+$/.test(words)
    ? "AND (m.text LIKE ?1 ESCAPE '\\' OR coalesce(m.text, '') = '' OR m.is_audio_message = 1)"
    : "AND ?1 <> ''";
  const found: MessageRecord[] = [];
  for (let offset = 0; found.length < limit; offset += batch) {
    const rows = readRows(
      world,
      `WHERE ${noTapback} ${narrow} ORDER BY m.date DESC, m.ROWID DESC, j.chat_id LIMIT ?2 OFFSET ?3`,
      likeOf(words),
      batch,
      offset,
    );
    for (const row of rows) {
      const text = row.text.toLowerCase();
      const fits = isWhole ? text === sought : text.includes(sought);
      if (fits && row.id !== found.at(-1)?.id) found.push(row);
    }
    if (rows.length < batch) break;
  }
  return found;
}

function likeOf(words: string): string {
  return `%${words.replace(/[\\%_]/g, "\\$&")}%`;
}
