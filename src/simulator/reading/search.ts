import type { World } from "../world/world.js";
import type { ChatBook } from "./chats.js";
import { describeMessage, type MessageObject, readRows } from "./messages.js";

/** Messages whose text column has the words, newest first, without attachments and tapbacks (protocol reference 5). */
export function search(
  world: World,
  book: ChatBook,
  query: string,
  match: "contains" | "exact",
  limit: number,
): MessageObject[] {
  const like = `%${query.replace(/[\\%_]/g, "\\$&")}%`;
  return readRows(
    world,
    `WHERE ${match === "exact" ? "lower(m.text) = lower(?)" : "m.text LIKE ? ESCAPE '\\'"}
     AND coalesce(m.associated_message_type, 0) NOT BETWEEN 2000 AND 3006 ORDER BY m.date DESC, m.ROWID DESC LIMIT ?`,
    match === "exact" ? query : like,
    limit,
  ).map((row) => describeMessage(world, book, row, { attachments: false, reactions: false }));
}
