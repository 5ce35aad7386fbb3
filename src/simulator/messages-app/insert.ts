import { randomUUID } from "node:crypto";
import type { SqlValue } from "../../platform/index.js";
import { toAppleTime } from "../chat-db/apple-time.js";
import { encodeAttributedBody } from "../chat-db/typedstream.js";
import type { World } from "../world/world.js";

/** A row of `message`, with its columns' own names where they need no work. */
export interface NewMessage {
  /** Absent: the row belongs to no chat (yet). */
  chatId?: number;
  guid?: string;
  text: string | null;
  handleId: number;
  fromMe: boolean;
  service: string;
  /** The own address that the row used. */
  destination: string | null;
  /** Milliseconds since 1970. */
  at: number;
  columns?: Partial<Record<OptionalColumn, SqlValue>>;
}

const optionalColumns = [
  "subject",
  "other_handle",
  "date_read",
  "is_read",
  "is_sent",
  "is_delivered",
  "date_delivered",
  "is_audio_message",
  "is_empty",
  "was_downgraded",
  "error",
  "item_type",
  "group_title",
  "group_action_type",
  "associated_message_guid",
  "associated_message_type",
  "associated_message_emoji",
  "associated_message_range_length",
  "reply_to_guid",
  "thread_originator_guid",
  "thread_originator_part",
  "balloon_bundle_id",
  "payload_data",
  "expressive_send_style_id",
  "cache_has_attachments",
] as const;

type OptionalColumn = (typeof optionalColumns)[number];

/** NULL is Apple's default for what is a text or a blob; counters and flags start at 0. */
const nullable = new Set<OptionalColumn>([
  "subject",
  "group_title",
  "associated_message_guid",
  "associated_message_emoji",
  "reply_to_guid",
  "thread_originator_guid",
  "thread_originator_part",
  "balloon_bundle_id",
  "payload_data",
  "expressive_send_style_id",
]);

const insert = `INSERT INTO message (guid, text, attributedBody, handle_id, service, account, destination_caller_id, date,
  is_from_me, is_finished, ${optionalColumns.join(", ")})
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ${optionalColumns.map(() => "?").join(", ")})`;

/** Which row was written. */
export interface Written {
  id: number;
  guid: string;
}

/** Writes a message and its join. Inside a transaction. */
export function insertMessage(world: World, message: NewMessage): Written {
  const settings = world.settings();
  const guid = message.guid ?? newGuid();
  const date = toAppleTime(message.at);
  const [me = ""] = settings.me;
  const { text, columns = {} } = message;
  const id = Number(
    world
      .sql(insert)
      .run(
        guid,
        settings.body === "attributed" ? null : text,
        text === null || settings.body === "text" ? null : encodeAttributedBody(text),
        message.handleId,
        message.service,
        `${me.includes("@") ? "E" : "P"}:${me}`,
        message.destination,
        date,
        message.fromMe ? 1 : 0,
        ...optionalColumns.map((column) => columns[column] ?? (nullable.has(column) ? null : 0)),
      ).lastInsertRowid,
  );
  if (message.chatId !== undefined) joinMessage(world, message.chatId, id, date);
  return { id, guid };
}

/** Shows a message in a chat: until then readers do not see it. @param date as Messages stores it, nanoseconds since 2001 */
export function joinMessage(world: World, chatId: number, messageId: number, date: bigint): void {
  world
    .sql("INSERT OR IGNORE INTO chat_message_join (chat_id, message_id, message_date) VALUES (?, ?, ?)")
    .run(chatId, messageId, date);
}

/** Apple's message GUIDs are upper-case UUIDs (protocol reference 8.1). */
export function newGuid(): string {
  return randomUUID().toUpperCase();
}
