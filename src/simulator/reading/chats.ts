import { unixMs } from "../chat-db/apple-time.js";
import { type ChatRow, chatById, participantsOf } from "../messages-app/chats.js";
import { linkBalloon } from "../messages-app/deliver.js";
import type { World } from "../world/world.js";
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

  constructor(
    private readonly world: World,
    private readonly keep: boolean,
  ) {}

  /** @param id `chat.ROWID` */
  get(id: number): KnownChat | undefined {
    const kept = this.#kept.get(id);
    if (kept !== undefined) return kept;
    const chat = chatById(this.world, id);
    if (chat === undefined) return undefined;
    const known = { ...chat, participants: participantsOf(this.world, id) };
    if (this.keep) this.#kept.set(id, known);
    return known;
  }
}

/** True only when the GUID or the identifier has `;+;` (protocol reference 9.4). */
export function isGroup(chat: ChatRow): boolean {
  return chat.guid.includes(";+;") || chat.identifier.includes(";+;");
}

/** Chats that have at least one message, newest activity first. */
export function listChats(
  world: World,
  book: ChatBook,
  options: { limit: number; unreadOnly?: boolean; form: "rpc" | "cli" },
): ChatObject[] {
  const unread = world.since("0.13.0");
  const rows = world
    .sql(
      `SELECT id, ${unixMs("last")} AS at${unread ? `, (SELECT count(*) ${unreadOf("l.id")}) AS unread` : ""} FROM
         (SELECT ROWID AS id, (SELECT max(message_date) FROM chat_message_join WHERE chat_id = chat.ROWID) AS last
          FROM chat WHERE last IS NOT NULL ${options.unreadOnly ? `AND EXISTS (SELECT 1 ${unreadOf("chat.ROWID")})` : ""}
          ORDER BY last DESC, ROWID DESC LIMIT ?) l`,
    )
    .all(options.limit);
  const listed: ChatObject[] = [];
  for (const row of rows) {
    const chat = book.get(Number(row.id));
    if (chat === undefined) continue;
    const object: ChatObject = {
      id: chat.id,
      identifier: chat.identifier,
      guid: chat.guid,
      name: chat.displayName ?? chat.identifier,
      service: chat.service,
      last_message_at: new Date(Number(row.at)).toISOString(),
      participants: chat.participants,
      is_group: isGroup(chat),
      ...contactName(world, chat),
    };
    if (unread) object.unread_count = Number(row.unread);
    if (options.form === "cli" || world.since("0.14.0")) Object.assign(object, routing(chat));
    if (options.form === "cli" || world.since("0.14.0"))
      object.display_name = chat.displayName ?? chat.identifier;
    if (options.form === "cli" && chat.guid === "") delete object.guid;
    listed.push(object);
  }
  return listed;
}

/** One chat as `imsg group --json` prints it. */
export function describeChat(world: World, chat: KnownChat): ChatObject {
  return {
    id: chat.id,
    identifier: chat.identifier,
    guid: chat.guid,
    name: chat.displayName ?? chat.identifier,
    service: chat.service,
    is_group: isGroup(chat),
    participants: chat.participants,
    ...contactName(world, chat),
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

/** Unread messages of a chat, a text and the preview of its link counted as one (protocol reference 9.1). */
function unreadOf(chatId: string): string {
  return `FROM chat_message_join j JOIN message m ON m.ROWID = j.message_id WHERE j.chat_id = ${chatId}
    AND m.is_from_me = 0 AND m.is_read = 0 AND m.item_type = 0 AND m.associated_message_type = 0
    AND NOT (coalesce(m.balloon_bundle_id, '') = '${linkBalloon}' AND EXISTS (
      SELECT 1 FROM chat_message_join tj JOIN message t ON t.ROWID = tj.message_id WHERE tj.chat_id = j.chat_id
      AND t.handle_id = m.handle_id AND t.is_from_me = 0 AND t.balloon_bundle_id IS NULL
      AND t.date BETWEEN m.date - ${foldWithinMs} * 1000000 AND m.date AND instr(t.text, m.text) > 0))`;
}
