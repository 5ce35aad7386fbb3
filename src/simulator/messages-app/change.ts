import { toAppleTime, unixMs } from "../chat-db/apple-time.js";
import { encodeAttributedBody } from "../chat-db/typedstream.js";
import type { World } from "../world/world.js";
import { newGuid } from "./insert.js";
import { filesOf, partsOf, placeholder, runsOf } from "./parts.js";
import { editedSummary, unsentSummary } from "./summary.js";
import type { Target } from "./threads.js";

/**
 * Changes the words of a message in its row, which keeps its files and all that it said before; no new row appears
 * (protocol reference 3.4 item 4).
 */
export function edit(world: World, target: Target, words: string, at = world.now()): void {
  const { body, me } = world.settings();
  world.write(() => {
    const files = filesOf(world, target);
    const row = rowOf(world, target);
    const text = placeholder.repeat(files.length) + words;
    const newBody = encodeAttributedBody(text, runsOf(text, files));
    const summary = editedSummary(row.summary, {
      part: files.length,
      parts: partsOf(target.text, files.length),
      sentAt: Number(row.at),
      at,
      oldBody: bodyOfPart(target.text.slice(files.length), files.length),
      newBody: bodyOfPart(words, files.length),
      compatibility: newGuid(),
      editor: target.fromMe ? (me[0] ?? "") : String(row.handle ?? ""),
    });
    world
      .sql(
        `UPDATE message SET text = ?, attributedBody = ?, date_edited = ?, message_summary_info = ?, part_count = ?
         WHERE ROWID = ?`,
      )
      .run(
        body === "attributed" ? null : text,
        body === "text" ? null : newBody,
        toAppleTime(at),
        summary,
        files.length + 1,
        target.id,
      );
  });
}

/** Empties a message's row; Messages marks it as edited, and as retracted only before macOS 26 (protocol reference 8.2). */
export function unsend(world: World, target: Target, at = world.now()): void {
  world.write(() => {
    const parts = partsOf(target.text, filesOf(world, target).length);
    world
      .sql(
        `UPDATE message SET text = NULL, attributedBody = NULL, date_edited = ?1, is_empty = 1,
           ${world.macos === "26" ? "" : "date_retracted = ?1,"} message_summary_info = ?2 WHERE ROWID = ?3`,
      )
      .run(toAppleTime(at), unsentSummary(rowOf(world, target).summary, parts), target.id);
  });
}

function rowOf(world: World, target: Target) {
  return world
    .sql(
      `SELECT m.message_summary_info AS summary, ${unixMs("m.date")} AS at, h.id AS handle
       FROM message m LEFT JOIN handle h ON h.ROWID = m.handle_id WHERE m.ROWID = ?`,
    )
    .get(target.id)!;
}

/** What the history of edits keeps of a part. */
function bodyOfPart(words: string, part: number): Uint8Array {
  return encodeAttributedBody(words, [{ length: words.length, part }]);
}

/** Takes a message out of this Mac's history. */
export function deleteMessage(world: World, target: Target): void {
  world.write(() => {
    // With its last join the message goes by Apple's trigger; one that has none goes here.
    world.sql("DELETE FROM chat_message_join WHERE message_id = ?").run(target.id);
    world.sql("DELETE FROM message WHERE ROWID = ?").run(target.id);
  });
}

/** Marks what others wrote in a chat as read. */
export function markRead(world: World, chatId: number, at = world.now()): void {
  world.write(() => {
    world
      .sql(
        `UPDATE message SET is_read = 1, date_read = ? WHERE is_from_me = 0 AND is_read = 0
         AND ROWID IN (SELECT message_id FROM chat_message_join WHERE chat_id = ?)`,
      )
      .run(toAppleTime(at), chatId);
    world.sql("UPDATE chat SET last_read_message_timestamp = ? WHERE ROWID = ?").run(toAppleTime(at), chatId);
  });
}

/** Marks the newest message of others as unread. */
export function markUnread(world: World, chatId: number): void {
  world.write(() =>
    world
      .sql(
        `UPDATE message SET is_read = 0, date_read = ? WHERE ROWID = (SELECT m.ROWID FROM message m
         JOIN chat_message_join j ON j.message_id = m.ROWID WHERE j.chat_id = ? AND m.is_from_me = 0
         ORDER BY j.message_date DESC, m.ROWID DESC LIMIT 1)`,
      )
      .run(world.macos === "26" ? null : 0, chatId),
  );
}
