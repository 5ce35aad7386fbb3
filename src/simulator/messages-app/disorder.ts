import { copyFileSync, renameSync, rmSync } from "node:fs";
import type { World } from "../world/world.js";
import type { ChatRow } from "./chats.js";
import { deliver } from "./deliver.js";
import { joinMessage, newGuid, type Written } from "./insert.js";
import { findMessage } from "./threads.js";

/**
 * What Apple hands over after a push outage: old messages with fresh row ids, not in the order of their times
 * (protocol reference 9.9).
 * @param options.ageMs how long ago the oldest was sent
 */
export function burst(
  world: World,
  options: { chat: ChatRow; handle: string; count: number; ageMs: number; text?: string },
): Written[] {
  const { chat, handle, count, ageMs } = options;
  const now = world.now();
  const order = Array.from({ length: count }, (_, i) => i);
  // Every second one is late, so that times go up and down.
  const shuffled = [...order.filter((i) => i % 2 === 0), ...order.filter((i) => i % 2 === 1)];
  return shuffled.map((i) =>
    deliver(
      world,
      {
        chat,
        from: { handle },
        text: `${options.text ?? "Backlog"} ${i + 1}`,
        at: now - ageMs + Math.round((i * ageMs) / (count * 2)),
      },
      "burst",
    ),
  );
}

/**
 * Stores a message once more, with a new row id and a new GUID, as Apple does after some restores. Its date stays, so lists
 * by date show it where the first one is, and so do its files.
 */
export function reinsert(world: World, guid: string): Written {
  const target = findMessage(world, guid);
  const copied = newGuid();
  return world.write(() => {
    const names = world
      .sql("SELECT name FROM pragma_table_info('message')")
      .all()
      .map((column) => String(column.name))
      .filter((name) => name !== "ROWID" && name !== "guid")
      .join(", ");
    const id = Number(
      world
        .sql(`INSERT INTO message (guid, ${names}) SELECT ?, ${names} FROM message WHERE ROWID = ?`)
        .run(copied, target.id).lastInsertRowid,
    );
    const date = dateOf(world, id);
    for (const chatId of target.chatIds) joinMessage(world, chatId, id, date);
    world
      .sql(
        `INSERT INTO message_attachment_join (message_id, attachment_id)
         SELECT ?, attachment_id FROM message_attachment_join WHERE message_id = ?`,
      )
      .run(id, target.id);
    return { id, guid: copied };
  });
}

/** Puts a message into one more chat: a watch reports it once per chat (protocol reference 3.4 item 7). */
export function joinAgain(world: World, guid: string, chat: ChatRow): void {
  const target = findMessage(world, guid);
  world.write(() => joinMessage(world, chat.id, target.id, dateOf(world, target.id)));
}

/** When a message was sent, to the nanosecond, as its row has it. */
function dateOf(world: World, id: number): bigint {
  const row = world.sql("SELECT CAST(date AS TEXT) AS date FROM message WHERE ROWID = ?").get(id);
  return BigInt(String(row?.date ?? 0));
}

/** Puts a copy of the database in its place: who has it open goes on with the old file (protocol reference 12, row 18). */
export function replaceDatabase(world: World): void {
  world.sql("PRAGMA wal_checkpoint(TRUNCATE)").all();
  const copy = `${world.dbPath}.new`;
  copyFileSync(world.dbPath, copy);
  renameSync(copy, world.dbPath);
  // Who has the old file open keeps its own journal too; left by name it would be taken for the new file's.
  for (const suffix of ["-wal", "-shm"]) rmSync(world.dbPath + suffix, { force: true });
}
