import { randomUUID } from "node:crypto";
import { normalizeHandle } from "../../conversation/index.js";
import { TapbackError } from "../../platform/index.js";
import type { Row, World } from "../world/world.js";

/** A row of `chat`. */
export interface ChatRow {
  id: number;
  guid: string;
  identifier: string;
  /** NULL becomes undefined. */
  displayName?: string;
  service: string;
  /** 43 in the `style` column. */
  isGroup: boolean;
  accountId?: string;
  accountLogin?: string;
  lastAddressed?: string;
}

const columns = `ROWID AS id, guid, chat_identifier, display_name, service_name, style, account_id, account_login, last_addressed_handle`;

/** @param id `chat.ROWID` */
export function chatById(world: World, id: number): ChatRow | undefined {
  return read(world.sql(`SELECT ${columns} FROM chat WHERE ROWID = ?`).get(id));
}

/** @param guid as it is stored, in that spelling */
export function chatByGuid(world: World, guid: string): ChatRow | undefined {
  return read(world.sql(`SELECT ${columns} FROM chat WHERE guid = ?`).get(guid));
}

/**
 * The chat of an identifier or GUID, as imsg looks it up for bridge methods: equal, else with `any;+;` and `any;-;`
 * exchanged or taken off (protocol reference 3.1, 9.3).
 */
export function chatByAnyName(world: World, name: string): ChatRow | undefined {
  const bare = name.replace(/^any;[+-];/, "");
  for (const form of new Set([name, `any;+;${bare}`, `any;-;${bare}`, bare])) {
    const chat = read(
      world
        .sql(`SELECT ${columns} FROM chat WHERE guid = ?1 OR chat_identifier = ?1 ORDER BY ROWID LIMIT 1`)
        .get(form),
    );
    if (chat !== undefined) return chat;
  }
  return undefined;
}

/** Remote handles of a chat, sorted. */
export function participantsOf(world: World, chatId: number): string[] {
  return world
    .sql(
      "SELECT DISTINCT h.id AS id FROM chat_handle_join j JOIN handle h ON h.ROWID = j.handle_id WHERE j.chat_id = ? ORDER BY h.id",
    )
    .all(chatId)
    .map((row) => String(row.id));
}

/** `handle.ROWID` of an address on a service; made when new. Inside a transaction. */
export function ensureHandle(world: World, id: string, service: string): number {
  const found = world.sql("SELECT ROWID AS id FROM handle WHERE id = ? AND service = ?").get(id, service);
  if (found !== undefined) return Number(found.id);
  return Number(
    world
      .sql("INSERT INTO handle (id, service, country, uncanonicalized_id) VALUES (?, ?, ?, ?)")
      .run(id, service, id.startsWith("+1") ? "us" : null, id).lastInsertRowid,
  );
}

/** The direct chat with an address over a service; made when new. Inside a transaction. */
export function ensureDirectChat(world: World, address: string, service = "iMessage"): ChatRow {
  const found = chatByGuid(world, `${service};-;${address}`) ?? chatByGuid(world, `any;-;${address}`);
  if (found !== undefined && found.service === service) return found;
  const prefix = found === undefined ? prefixOf(world, service) : service;
  const chat = insertChat(world, {
    guid: `${prefix};-;${address}`,
    identifier: address,
    service,
    isGroup: false,
  });
  join(world, chat.id, ensureHandle(world, address, service));
  return chat;
}

/**
 * Makes a group. Inside a transaction.
 * @param polarity `-` stores it as those threads that imsg does not report as groups (protocol reference 9.4)
 */
export function createGroup(
  world: World,
  options: { name?: string; members: string[]; service?: string; polarity?: "+" | "-" },
): ChatRow {
  const service = options.service ?? "iMessage";
  const identifier = `chat${BigInt(`0x${randomUUID().replaceAll("-", "").slice(0, 15)}`)}`;
  const prefix = prefixOf(world, service);
  const chat = insertChat(world, {
    guid: `${prefix};${options.polarity ?? "+"};${identifier}`,
    identifier,
    service,
    isGroup: true,
    displayName: options.name,
  });
  for (const member of options.members) join(world, chat.id, ensureHandle(world, member, service));
  return chat;
}

/** Makes somebody a participant of a chat; nothing where that was so. @param handleId `handle.ROWID` */
export function join(world: World, chatId: number, handleId: number): void {
  world
    .sql("INSERT OR IGNORE INTO chat_handle_join (chat_id, handle_id) VALUES (?, ?)")
    .run(chatId, handleId);
}

/**
 * The chat that a person at the command line means: its id, GUID, identifier or name.
 * @throws `CHAT_NOT_FOUND`
 */
export function findChat(world: World, given: string): ChatRow {
  const text = given.replace(/^chat_(id|guid|identifier):/, "");
  const chat =
    (/^\d{1,15}$/.test(text) ? chatById(world, Number(text)) : undefined) ??
    chatByAnyName(world, text) ??
    read(
      world.sql(`SELECT ${columns} FROM chat WHERE display_name = ? ORDER BY ROWID DESC LIMIT 1`).get(text),
    );
  if (chat !== undefined) return chat;
  throw new TapbackError("CHAT_NOT_FOUND", `There is no chat "${given}" in this world`, {
    hint: "See `imsg-sim chats` for the ids.",
  });
}

/**
 * Where the account's human writes: a chat as {@link findChat} finds it, or a new direct chat with a number or an e-mail address.
 * @throws `CHAT_NOT_FOUND`
 */
export function chatToWriteIn(world: World, given: string, service?: string): ChatRow {
  // No GUID, and no identifier of a group.
  const isAddress = /^(\+\d{3,}|[^\s;@]+@[^\s;@]+)$/.test(given);
  if (!isAddress || chatByAnyName(world, given) !== undefined) return findChat(world, given);
  return world.write(() => ensureDirectChat(world, normalizeHandle(given), service));
}

/** macOS 26 names no service in a chat's GUID (protocol reference 9.3). */
function prefixOf(world: World, service: string): string {
  return world.macos === "26" || world.settings().guidPrefix === "any" ? "any" : service;
}

function insertChat(
  world: World,
  chat: { guid: string; identifier: string; service: string; isGroup: boolean; displayName?: string },
): ChatRow {
  const [me = ""] = world.settings().me;
  const login = `${me.includes("@") ? "E" : "P"}:${me}`;
  const groupId = randomUUID().toUpperCase();
  const id = world
    .sql(
      `INSERT INTO chat (guid, style, state, account_id, chat_identifier, service_name, room_name, account_login,
         last_addressed_handle, display_name, group_id, original_group_id, is_filtered, successful_query)
       VALUES (?, ?, 3, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 1)`,
    )
    .run(
      chat.guid,
      chat.isGroup ? 43 : 45,
      accountId,
      chat.identifier,
      chat.service,
      chat.isGroup ? chat.identifier : null,
      login,
      me,
      chat.displayName ?? (chat.isGroup ? null : ""),
      groupId,
      chat.isGroup ? groupId : null,
    ).lastInsertRowid;
  return chatById(world, Number(id))!;
}

/** One account per world; the id only has to look like one. */
export const accountId = "5C0B7E1D-0000-4000-8000-0000000000AA";

function read(row: Row | undefined): ChatRow | undefined {
  if (row === undefined) return undefined;
  const chat: ChatRow = {
    id: Number(row.id),
    guid: String(row.guid),
    identifier: String(row.chat_identifier ?? ""),
    service: String(row.service_name ?? ""),
    isGroup: row.style === 43,
  };
  if (row.display_name !== null) chat.displayName = String(row.display_name);
  if (row.account_id) chat.accountId = String(row.account_id);
  if (row.account_login) chat.accountLogin = String(row.account_login);
  if (row.last_addressed_handle) chat.lastAddressed = String(row.last_addressed_handle);
  return chat;
}
