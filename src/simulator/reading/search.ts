import type { World } from "../world/world.js";
import type { ChatBook } from "./chats.js";
import { foldPreviews } from "./folding.js";
import { describeMessage, type MessageObject, readRows } from "./messages.js";

/**
 * Messages whose text column has the words, newest first, without attachments and tapbacks (protocol reference 5). Blanks
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
  const like = `%${words.replace(/[\\%_]/g, "\\$&")}%`;
  const rows = readRows(
    world,
    `WHERE ${match === "exact" ? "lower(m.text) = lower(?)" : "m.text LIKE ? ESCAPE '\\'"}
     AND coalesce(m.associated_message_type, 0) NOT BETWEEN 2000 AND 3006 ORDER BY m.date DESC, m.ROWID DESC LIMIT ?`,
    match === "exact" ? words : like,
    // A preview that is folded leaves its place to an older message.
    limit * 2,
  ).reverse();
  return foldPreviews(world, rows)
    .reverse()
    .slice(0, limit)
    .map(({ message, preview }) => ({
      ...describeMessage(world, book, message, { attachments: false, reactions: false }),
      ...(preview === undefined ? {} : { url_preview: preview }),
    }));
}
