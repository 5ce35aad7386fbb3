import type { SqlValue } from "../../platform/index.js";
import { unixMs } from "../chat-db/apple-time.js";
import { stickerType } from "../messages-app/tapback.js";
import { messageByGuid } from "../messages-app/threads.js";
import { transcriptionIn } from "../messages-app/transcription.js";
import type { Row, World } from "../world/world.js";
import { attachmentsOf } from "./attachments.js";
import { changeFields } from "./change-fields.js";
import { type ChatBook, isGroup } from "./chats.js";
import { imsgText } from "./imsg-text.js";
import { pollOf } from "./polls.js";
import { decodeTapback, isTapbackType, reactionsOf } from "./reactions.js";

/** A message as imsg prints it (protocol reference 4.2). */
export type MessageObject = Record<string, unknown> & {
  id: number;
  guid: string;
  chat_id: number;
  text: string;
  sender: string;
  is_from_me: boolean;
};

/** A row of `message` with its chat and sender. */
export interface MessageRecord {
  id: number;
  guid: string;
  /** 0 when the join is not written (yet). */
  chatId: number;
  /** Handle, else the own address, else "" (protocol reference 4.2). */
  sender: string;
  fromMe: boolean;
  text: string;
  /** Milliseconds since 1970. */
  at: number;
  associatedType: number;
  balloon: string | undefined;
  row: Row;
}

/** What is filled in beyond the row itself. */
export interface Detail {
  attachments: boolean;
  /** Attachments with easier variants. */
  convert?: boolean;
  reactions: boolean;
}

const columns = `m.ROWID AS id, m.guid, j.chat_id, m.text, m.attributedBody, ${unixMs("m.date")} AS at, m.is_from_me,
  m.is_audio_message, h.id AS sender, m.destination_caller_id, m.associated_message_guid, m.associated_message_type, m.thread_originator_guid,
  m.thread_originator_part, m.balloon_bundle_id, m.is_read, ${unixMs("m.date_read")} AS read_at, m.date_read > 0 AS was_read,
  m.date_edited > 0 AS was_edited, ${unixMs("m.date_edited")} AS edited_at, (m.date_retracted > 0 OR (m.is_empty = 1 AND m.date_edited > 0)) AS was_unsent`;

const joins = `FROM message m LEFT JOIN chat_message_join j ON j.message_id = m.ROWID
  LEFT JOIN handle h ON h.ROWID = m.handle_id`;

/**
 * Reads rows.
 * @param where SQL over `m` (message), `j` (chat_message_join) and `h` (handle), with its order and limit
 */
export function readRows(world: World, where: string, ...values: SqlValue[]): MessageRecord[] {
  return world
    .sql(`SELECT ${columns} ${joins} ${where}`)
    .all(...values)
    .map((row) => record(world, row));
}

/** Rows of one chat, led by the index on (chat, date). */
export function readChatRows(world: World, where: string, ...values: SqlValue[]): MessageRecord[] {
  return world
    .sql(
      `SELECT ${columns} FROM chat_message_join j CROSS JOIN message m ON m.ROWID = j.message_id
       LEFT JOIN handle h ON h.ROWID = m.handle_id ${where}`,
    )
    .all(...values)
    .map((row) => record(world, row));
}

/** Turns a row into what imsg prints of it. */
export function describeMessage(
  world: World,
  book: Pick<ChatBook, "get">,
  message: MessageRecord,
  detail: Detail,
): MessageObject {
  const { row } = message;
  const chat = message.chatId === 0 ? undefined : book.get(message.chatId);
  const names = world.settings().names;
  const object: MessageObject = {
    id: message.id,
    guid: message.guid,
    chat_id: message.chatId,
    chat_identifier: chat?.identifier ?? "",
    chat_guid: chat?.guid ?? "",
    chat_name: chat === undefined ? "" : (chat.displayName ?? chat.identifier),
    participants: chat?.participants ?? [],
    is_group: chat !== undefined && isGroup(chat),
    sender: message.sender,
    is_from_me: message.fromMe,
    text: message.text,
    created_at: new Date(message.at).toISOString(),
    attachments: detail.attachments ? attachmentsOf(world, message.id, detail.convert) : [],
    reactions:
      detail.reactions && !isTapbackType(message.associatedType) ? reactionsOf(world, message.guid) : [],
  };
  const name = message.fromMe ? undefined : names[message.sender];
  if (name !== undefined) object.sender_name = name;
  if (row.destination_caller_id) object.destination_caller_id = row.destination_caller_id;
  // A sticker is not decoded: its row is an ordinary one that refers to a message (protocol reference 7.2).
  if (isTapbackType(message.associatedType) && message.associatedType !== stickerType)
    addTapback(object, message);
  else addReply(world, object, message);
  if (world.since("0.10.0")) {
    const poll = pollOf(world, message);
    if (poll !== undefined) object.poll = poll;
    if (row.thread_originator_part) object.thread_originator_part = row.thread_originator_part;
  }
  if (world.since("0.11.1") && message.balloon !== undefined) object.balloon_bundle_id = message.balloon;
  if (world.since("0.13.0") && !message.fromMe) {
    object.is_read = row.is_read === 1;
    if (row.was_read === 1) object.date_read = new Date(Number(row.read_at)).toISOString();
  }
  if (world.since("0.19.0")) Object.assign(object, changeFields(world, row));
  return object;
}

function record(world: World, row: Row): MessageRecord {
  return {
    id: Number(row.id),
    guid: String(row.guid ?? ""),
    chatId: Number(row.chat_id ?? 0),
    sender: senderOf(world, row),
    fromMe: row.is_from_me === 1,
    text:
      (row.is_audio_message === 1 ? spokenWords(world, Number(row.id)) : undefined) ?? imsgText(world, row),
    at: Number(row.at),
    associatedType: Number(row.associated_message_type ?? 0),
    balloon: row.balloon_bundle_id === null ? undefined : String(row.balloon_bundle_id),
    row,
  };
}

/** Since 0.19.1 the sender of an own message is the own account (protocol reference 25); before, the peer. */
function senderOf(world: World, { is_from_me, sender, destination_caller_id }: Row): string {
  const isOwn = is_from_me === 1 && world.since("0.19.1");
  return String((isOwn ? (destination_caller_id ?? sender) : (sender ?? destination_caller_id)) ?? "");
}

/** The transcription of a voice message stands in the place of its text (protocol reference 4.2); its first file has it. */
function spokenWords(world: World, messageId: number): string | undefined {
  const row = world
    .sql(
      `SELECT a.user_info FROM message_attachment_join j JOIN attachment a ON a.ROWID = j.attachment_id
       WHERE j.message_id = ? ORDER BY a.ROWID LIMIT 1`,
    )
    .get(messageId);
  return transcriptionIn(row?.user_info) || undefined;
}

function addTapback(object: MessageObject, message: MessageRecord): void {
  object.is_reaction = true;
  object.is_reaction_add = message.associatedType < 3000;
  // `p:N/` is removed, `bp:` stays (protocol reference 4.2).
  const associated = String(message.row.associated_message_guid ?? "");
  object.reacted_to_guid = associated.slice(associated.lastIndexOf("/") + 1) || associated;
  const tapback = decodeTapback(message.associatedType, message.text);
  if (tapback === undefined) return;
  object.reaction_type = tapback.type;
  object.reaction_emoji = tapback.emoji;
}

function addReply(world: World, object: MessageObject, { row }: MessageRecord): void {
  const associated = row.associated_message_guid ? String(row.associated_message_guid) : undefined;
  const replyTo = associated?.slice(associated.lastIndexOf("/") + 1);
  const thread = row.thread_originator_guid ? String(row.thread_originator_guid) : undefined;
  if (replyTo !== undefined) object.reply_to_guid = replyTo;
  if (thread !== undefined) object.thread_originator_guid = thread;
  for (const guid of [thread, replyTo]) {
    const parent = guid === undefined ? undefined : messageByGuid(world, guid);
    if (parent === undefined) continue;
    const [shown] = readRows(world, "WHERE m.ROWID = ? LIMIT 1", parent.id);
    object.reply_to_text = shown?.text ?? "";
    object.reply_to_sender = shown?.sender ?? "";
    return;
  }
}
