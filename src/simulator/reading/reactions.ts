import { unixMs } from "../chat-db/apple-time.js";
import { tapbackKinds } from "../messages-app/tapback.js";
import type { Row, World } from "../world/world.js";
import { imsgText } from "./imsg-text.js";

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
  if (type !== 2006 && type !== customRemoved) return undefined;
  const emoji = namedEmoji(text) || firstEmoji(text);
  return emoji === undefined ? undefined : { type: "custom", emoji };
}

const customRemoved = 3006;

/** What stands between `Reacted ` and ` to `. */
function namedEmoji(text: string): string | undefined {
  const before = "Reacted ";
  const start = text.indexOf(before);
  const end = start === -1 ? -1 : text.indexOf(" to ", start + before.length);
  return end === -1 ? undefined : text.slice(start + before.length, end);
}

/** Digits and `#` count as well (protocol reference 7.2). */
function firstEmoji(text: string): string | undefined {
  for (const { segment } of new Intl.Segmenter("en").segment(text))
    if (/\p{Emoji}/u.test(segment)) return segment;
  return undefined;
}

/**
 * The parts on which the database has tapbacks at all, each as `p:N/`: one step of an index for each, from one to the next. imsg
 * looks for every prefix that ends with `/`, which no index helps with.
 */
const partsWith = `WITH RECURSIVE seen (target) AS (
  SELECT min(associated_message_guid) FROM message WHERE associated_message_guid >= 'p:' AND associated_message_guid < 'p;'
  UNION SELECT (SELECT min(associated_message_guid) FROM message
    WHERE associated_message_guid >= substr(target, 1, instr(target, '/') - 1) || '0' AND associated_message_guid < 'p;')
  FROM seen WHERE instr(target, '/') > 0)`;

const knownParts = new WeakMap<World, { writes: number; parts: string[] }>();

/** Read again only where something may have changed: every message that is described asks for them. */
function partsIn(world: World): string[] {
  const writes = world.host.writes?.();
  const known = knownParts.get(world);
  if (writes !== undefined && known?.writes === writes) return known.parts;
  const parts = world
    .sql(
      `${partsWith} SELECT substr(target, 1, instr(target, '/')) AS part FROM seen WHERE instr(target, '/') > 0`,
    )
    .all()
    .map(({ part }) => String(part));
  if (writes !== undefined) knownParts.set(world, { writes, parts });
  return parts;
}

/** Current tapbacks of a message (protocol reference 4.4): a removal takes the add away, a second add takes its place. */
export function reactionsOf(world: World, guid: string): Record<string, unknown>[] {
  const targets = [guid, ...partsIn(world).map((part) => part + guid)];
  const rows = world
    .sql(
      `SELECT m.ROWID AS id, m.associated_message_type AS type, m.text, m.attributedBody, m.is_from_me, h.id AS sender,
         ${unixMs("m.date")} AS at FROM message m LEFT JOIN handle h ON h.ROWID = m.handle_id
       WHERE m.associated_message_guid IN (${targets.map(() => "?").join(", ")})
         AND m.associated_message_type BETWEEN 2000 AND 3006 ORDER BY m.date, m.ROWID`,
    )
    .all(...targets);
  const current = new Map<string, Record<string, unknown>>();
  for (const row of rows) {
    const type = Number(row.type);
    const tapback = decodeTapback(type, imsgText(world, row as Row));
    const fromMe = row.is_from_me === 1;
    const peer = String(row.sender ?? "");
    const sender = fromMe && world.since("0.19.1") ? (world.settings().me[0] ?? peer) : peer;
    const person = `${fromMe}|${sender}|`;
    if (tapback === undefined) {
      if (type === customRemoved) removeFirstCustom(current, person);
      continue;
    }
    const key = `${person}${tapback.type}|${tapback.emoji}`;
    if (type >= 3000) {
      current.delete(key);
      continue;
    }
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

/** A removal that names no emoji takes the oldest of that person. */
function removeFirstCustom(current: Map<string, unknown>, person: string): void {
  const first = [...current.keys()].find((key) => key.startsWith(`${person}custom|`));
  if (first !== undefined) current.delete(first);
}
