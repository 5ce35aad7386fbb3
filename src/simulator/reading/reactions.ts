import { unixMs } from "../chat-db/apple-time.js";
import { tapbackKinds } from "../messages-app/tapback.js";
import { textOf } from "../messages-app/threads.js";
import type { Row, World } from "../world/world.js";

/** A tapback decoded from its row. */
export interface DecodedTapback {
  type: string;
  emoji: string;
}

/** Tapback rows, those that history leaves out and a watch reports on request (protocol reference 3.4 item 5). */
export function isTapbackType(type: number): boolean {
  return type >= 2000 && type <= 3006;
}

/** Reads kind and emoji; of custom ones from the row's text as imsg does, since it does not read the emoji's column. */
export function decodeTapback(type: number, text: string): DecodedTapback | undefined {
  const kind = tapbackKinds.find(({ code }) => code === type || code + 1000 === type);
  if (kind !== undefined) return { type: kind.read, emoji: kind.emoji };
  if (type !== 2006 && type !== 3006) return undefined;
  const named = /Reacted (.+?) to /su.exec(text)?.[1];
  const emoji = named ?? /[\p{Emoji}](?:\ufe0f|\u200d\p{Emoji}|\p{Emoji_Modifier})*/u.exec(text)?.[0];
  return emoji === undefined ? undefined : { type: "custom", emoji };
}

/** Current tapbacks of a message (protocol reference 4.4): a removal takes the add away, a second add replaces it. */
export function reactionsOf(world: World, guid: string): Record<string, unknown>[] {
  const rows = world
    .sql(
      `SELECT m.ROWID AS id, m.associated_message_type AS type, m.text, m.attributedBody, m.is_from_me, h.id AS sender,
         ${unixMs("m.date")} AS at FROM message m LEFT JOIN handle h ON h.ROWID = m.handle_id
       WHERE m.associated_message_guid IN (?1, 'p:0/' || ?1, 'p:1/' || ?1, 'p:2/' || ?1, 'p:3/' || ?1, 'p:4/' || ?1)
         AND m.associated_message_type BETWEEN 2000 AND 3006 ORDER BY m.date, m.ROWID`,
    )
    .all(guid);
  const current = new Map<string, Record<string, unknown>>();
  for (const row of rows) {
    const type = Number(row.type);
    const tapback = decodeTapback(type, textOf(row as Row));
    if (tapback === undefined) continue;
    const fromMe = row.is_from_me === 1;
    const peer = String(row.sender ?? "");
    const sender = fromMe && world.since("0.19.1") ? (world.settings().me[0] ?? peer) : peer;
    const key = `${fromMe}|${sender}|${tapback.type}`;
    current.delete(key);
    if (type >= 3000) continue;
    const name = fromMe ? undefined : world.settings().names[sender];
    current.set(key, {
      id: Number(row.id),
      type: tapback.type,
      emoji: tapback.emoji,
      sender,
      ...(name === undefined ? {} : { sender_name: name }),
      is_from_me: fromMe,
      created_at: new Date(Number(row.at)).toISOString(),
    });
  }
  return [...current.values()];
}
