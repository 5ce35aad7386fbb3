import { toAppleTime } from "../chat-db/apple-time.js";
import { encodeAttributedBody } from "../chat-db/typedstream.js";
import type { World } from "../world/world.js";
import type { Target } from "./threads.js";

/** Changes a message's text in its row; no new row appears (protocol reference 3.4 item 4). */
export function edit(world: World, target: Target, text: string, at = world.now()): void {
  const { body } = world.settings();
  world.write(() =>
    world
      .sql("UPDATE message SET text = ?, attributedBody = ?, date_edited = ? WHERE ROWID = ?")
      .run(
        body === "attributed" ? null : text,
        body === "text" ? null : encodeAttributedBody(text),
        toAppleTime(at),
        target.id,
      ),
  );
}

/** Empties a message's row; Messages marks it as edited, and only sometimes as retracted (protocol reference 8.2). */
export function unsend(world: World, target: Target, at = world.now()): void {
  world.write(() =>
    world
      .sql(
        "UPDATE message SET text = NULL, attributedBody = NULL, date_edited = ?1, date_retracted = ?1, is_empty = 1 WHERE ROWID = ?2",
      )
      .run(toAppleTime(at), target.id),
  );
}

/** Takes a message out of this Mac's history. */
export function deleteMessage(world: World, target: Target): void {
  world.write(() => {
    world.sql("DELETE FROM chat_message_join WHERE message_id = ?").run(target.id);
    world.sql("DELETE FROM message WHERE ROWID = ?").run(target.id);
  });
}

/** Marks what others wrote in a chat as read. */
export function markRead(world: World, chatId: number, at = world.now()): void {
  world.write(() =>
    world
      .sql(
        `UPDATE message SET is_read = 1, date_read = ? WHERE is_from_me = 0 AND is_read = 0
         AND ROWID IN (SELECT message_id FROM chat_message_join WHERE chat_id = ?)`,
      )
      .run(toAppleTime(at), chatId),
  );
}

/** Marks the newest message of others as unread. */
export function markUnread(world: World, chatId: number): void {
  world.write(() =>
    world
      .sql(
        `UPDATE message SET is_read = 0, date_read = 0 WHERE ROWID = (SELECT m.ROWID FROM message m
         JOIN chat_message_join j ON j.message_id = m.ROWID WHERE j.chat_id = ? AND m.is_from_me = 0
         ORDER BY j.message_date DESC, m.ROWID DESC LIMIT 1)`,
      )
      .run(chatId),
  );
}
