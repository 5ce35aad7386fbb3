import { unixMs } from "../chat-db/apple-time.js";
import { type ChatRow, chatById, participantsOf } from "../messages-app/chats.js";
import { linkBalloon } from "../messages-app/deliver.js";
import type { Row, World } from "../world/world.js";
import { foldWithinMs } from "./link-preview.js";

/** A chat as imsg prints it (protocol reference 4.1). */
export type ChatObject = Record<string, unknown>;

/** Chat row and participants as one process knows them. */
export interface KnownChat extends ChatRow {
  participants: string[];
}

/**
 * Looks chats up. With `keep` they are kept for the life of the process, as imsg before 0.14.0 does: a rename is then not
 * seen (protocol reference 3.4 item 9).
 */
export class ChatBook {
  readonly #kept = new Map<number, KnownChat>();
  #writes: number | undefined;

  constructor(
    private readonly world: World,
    private readonly keep: boolean,
  ) {}

  /** @param id `chat.ROWID` */
  get(id: number): KnownChat | undefined {
    this.#forgetChanged();
    const kept = this.#kept.get(id);
    if (kept !== undefined) return kept;
    const chat = chatById(this.world, id);
    if (chat === undefined) return undefined;
    const known = { ...chat, participants: participantsOf(this.world, id) };
    if (this.keep || this.#writes !== undefined) this.#kept.set(id, known);
    return known;
  }

  /** Where every write is told of, a chat stays what it was until the next one. */
  #forgetChanged(): void {
    const writes = this.world.host.writes?.();
    if (!this.keep && writes !== this.#writes) this.#kept.clear();
    this.#writes = writes;
  }
}

/** True only when the GUID or the identifier has `;+;` (protocol reference 9.4). */
export function isGroup(chat: ChatRow): boolean {
  return chat.guid.includes(";+;") || chat.identifier.includes(";+;");
}

/** What a list came to, and of which state of the world and for which question. */
interface Listed {
  writes: number;
  settings: object;
  asked: string;
  chats: ChatObject[];
}
const lists = new WeakMap<World, Listed>();

/** {@link listOf}, read again only where something may have changed: a gateway asks for the same list every second or two. */
export function listChats(
  world: World,
  book: ChatBook,
  options: { limit: number; unreadOnly?: boolean; form: "rpc" | "cli" },
): ChatObject[] {
  const writes = world.host.writes?.();
  if (writes === undefined) return listOf(world, book, options);
  const [settings, asked] = [world.settings(), JSON.stringify(options)];
  const known = lists.get(world);
  if (known?.writes === writes && known.settings === settings && known.asked === asked) return known.chats;
  const chats = listOf(world, book, options);
  lists.set(world, { writes, settings, asked, chats });
  return chats;
}

/**
 * Chats that have at least one message, newest activity first. Of those with one time the lower number comes first before
 * 0.14.0, the higher one since (protocol reference 12, row 21).
 */
function listOf(
  world: World,
  book: ChatBook,
  options: { limit: number; unreadOnly?: boolean; form: "rpc" | "cli" },
): ChatObject[] {
  const unread =
    world.since("0.13.0") || options.unreadOnly ? unreadByChat(world) : new Map<number, number>();
  const rows = options.unreadOnly
    ? newestOf(world, [...unread.keys()], options.limit)
    : newestChats(world, options.limit);
  const listed: ChatObject[] = [];
  for (const row of rows) {
    const chat = book.get(row.id);
    if (chat === undefined) continue;
    const object: ChatObject = {
      id: chat.id,
      identifier: chat.identifier,
      guid: chat.guid,
      name: chat.displayName ?? chat.identifier,
      service: chat.service,
      last_message_at: new Date(row.at).toISOString(),
      participants: chat.participants,
      is_group: isGroup(chat),
      ...contactName(world, chat),
    };
    if (world.since("0.13.0")) object.unread_count = unread.get(row.id) ?? 0;
    if (options.form === "cli" || world.since("0.14.0")) Object.assign(object, routing(chat));
    if (options.form === "cli" || world.since("0.14.0"))
      object.display_name = chat.displayName ?? chat.identifier;
    if (options.form === "cli" && chat.guid === "") delete object.guid;
    listed.push(object);
  }
  return listed;
}

/** One chat as `imsg group --json` prints it, and `chats.get` gives it; without a contact's name (protocol reference 4.1). */
export function describeChat(chat: KnownChat): ChatObject {
  return {
    id: chat.id,
    identifier: chat.identifier,
    guid: chat.guid,
    name: chat.displayName ?? chat.identifier,
    service: chat.service,
    is_group: isGroup(chat),
    participants: chat.participants,
    ...routing(chat),
  };
}

function routing(chat: ChatRow): ChatObject {
  const object: ChatObject = {};
  if (chat.accountId !== undefined) object.account_id = chat.accountId;
  if (chat.accountLogin !== undefined) object.account_login = chat.accountLogin;
  if (chat.lastAddressed !== undefined) object.last_addressed_handle = chat.lastAddressed;
  return object;
}

function contactName(world: World, chat: ChatRow): ChatObject {
  const name = isGroup(chat) ? undefined : world.settings().names[chat.identifier];
  return name === undefined ? {} : { contact_name: name };
}

interface Activity {
  /** `chat.ROWID`. */
  id: number;
  /** Of the newest message, milliseconds since 1970. */
  at: number;
}

/**
 * The chats with the newest messages, newest first. With thousands of chats the newest messages name enough of them; only
 * where thousands of those belong to a few is every chat asked.
 */
function newestChats(world: World, limit: number): Activity[] {
  for (const looked of [limit * 4 + 100, limit * 4 + 3000]) {
    const found = chatsOfNewest(world, looked, limit);
    // The last of those that were read may share its time with others that were not.
    const oldest = found.rows < looked ? Number.NEGATIVE_INFINITY : found.oldest;
    const certain = found.chats.filter(({ at }) => at > oldest);
    if (certain.length >= limit || found.rows < looked) return certain;
  }
  return newestOf(world, undefined, limit);
}

/** Whose the newest messages are, newest first. @param looked how many messages are looked at @param limit how many chats */
function chatsOfNewest(
  world: World,
  looked: number,
  limit: number,
): { chats: Activity[]; rows: number /** Of the rows, as in {@link Activity}. */; oldest: number } {
  const chats = world
    .sql(
      `SELECT id, ${unixMs("last")} AS at, ${unixMs("oldest")} AS oldest, n FROM
         (SELECT id, max(date) AS last, min(min(date)) OVER () AS oldest, sum(count(*)) OVER () AS n FROM
           (SELECT j.chat_id AS id, coalesce(m.date, 0) AS date FROM message m CROSS JOIN chat_message_join j
            ON j.message_id = m.ROWID ORDER BY m.date DESC LIMIT ?) GROUP BY id) ORDER BY ${byActivity(world)} LIMIT ?`,
    )
    .all(looked, limit);
  const [first] = chats;
  return {
    chats: chats.map(activityOf),
    rows: Number(first?.n ?? 0),
    oldest: Number(first?.oldest ?? 0),
  };
}

/** The newest of these chats, or of all, newest activity first; those without messages are left out. */
function newestOf(world: World, ids: number[] | undefined, limit: number): Activity[] {
  return world
    .sql(
      `SELECT ROWID AS id, ${unixMs("last")} AS at FROM (SELECT ROWID,
         (SELECT max(message_date) FROM chat_message_join WHERE chat_id = chat.ROWID) AS last FROM chat
         WHERE EXISTS (SELECT 1 FROM chat_message_join WHERE chat_id = chat.ROWID)
         AND (?1 IS NULL OR ROWID IN (SELECT value FROM json_each(?1)))) ORDER BY ${byActivity(world)} LIMIT ?2`,
    )
    .all(ids === undefined ? null : JSON.stringify(ids), limit)
    .map(activityOf);
}

function activityOf(row: Row): Activity {
  return { id: Number(row.id), at: Number(row.at) };
}

/** The order of a list of chats. */
function byActivity(world: World): string {
  return world.since("0.14.0") ? "at DESC, id DESC" : "at DESC, id";
}

/**
 * How many messages each chat has unread, a text and the preview of its link counted as one (protocol reference 9.1). Led by
 * the index on what is unread, which is little, however long the chats are.
 */
function unreadByChat(world: World): Map<number, number> {
  const rows = world
    .sql(
      `SELECT j.chat_id AS id, count(*) AS unread FROM message m CROSS JOIN chat_message_join j ON j.message_id = m.ROWID
       WHERE m.is_read = 0 AND m.is_from_me = 0 AND m.item_type = 0 AND m.associated_message_type = 0
       AND NOT (coalesce(m.balloon_bundle_id, '') = '${linkBalloon}' AND EXISTS (
         SELECT 1 FROM message t CROSS JOIN chat_message_join tj ON tj.message_id = t.ROWID AND tj.chat_id = j.chat_id
         WHERE t.handle_id = m.handle_id AND t.is_from_me = 0 AND t.balloon_bundle_id IS NULL
         AND t.date BETWEEN m.date - ${foldWithinMs} * 1000000 AND m.date AND instr(t.text, m.text) > 0))
       GROUP BY j.chat_id`,
    )
    .all();
  return new Map(rows.map((row) => [Number(row.id), Number(row.unread)]));
}
