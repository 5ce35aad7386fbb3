import { randomUUID } from "node:crypto";
import type { SqlValue } from "../../platform/index.js";
import { toAppleTime } from "../chat-db/apple-time.js";
import type { Macos } from "../chat-db/schema/schema.js";
import { type BodyRun, encodeAttributedBody } from "../chat-db/typedstream.js";
import type { World } from "../world/world.js";
import { accountId } from "./chats.js";
import { plainSummary } from "./summary.js";

/** A row of `message`, with its columns' own names where they need no work. */
export interface NewMessage {
  /** Absent: the row belongs to no chat (yet). */
  chatId?: number;
  guid?: string | undefined;
  text: string | null;
  handleId: number;
  fromMe: boolean;
  service: string;
  /** The own address that the row used. */
  destination: string | null;
  /** Milliseconds since 1970. */
  at: number;
  /** Stretches of the text; one part when absent. */
  runs?: BodyRun[] | undefined;
  /** The chat that it will be joined to. */
  laterIn?: number;
  columns?: Partial<Record<OptionalColumn, SqlValue>>;
}

/** What stands in a column that is not given: NULL for texts and blobs, 0 for counters and flags. */
const optionalColumns = {
  subject: null,
  other_handle: 0,
  date_read: 0,
  is_read: 0,
  is_sent: 0,
  is_delivered: 0,
  date_delivered: 0,
  is_audio_message: 0,
  is_empty: 0,
  was_downgraded: 0,
  error: 0,
  item_type: 0,
  group_title: null,
  group_action_type: 0,
  associated_message_guid: null,
  associated_message_type: 0,
  associated_message_emoji: null,
  associated_message_range_location: 0,
  associated_message_range_length: 0,
  reply_to_guid: null,
  thread_originator_guid: null,
  thread_originator_part: null,
  balloon_bundle_id: null,
  payload_data: null,
  message_summary_info: null,
  expressive_send_style_id: null,
  has_unseen_mention: 0,
  /** Left to Apple's trigger, but for what is written in bulk. */
  cache_roomnames: null,
} as const;

type OptionalColumn = keyof typeof optionalColumns;

/** What stands in every row: ten is the version of ordinary ones (docs/spec/chat-db-schema.json). */
const fixed = { is_finished: 1, version: 10, was_data_detected: 1 };
/** The chat's GUID with its service, which the GUID itself does not name on macOS 26. */
const cloudChat = `(SELECT CASE WHEN guid LIKE 'any;%' THEN service_name || substr(guid, 4) ELSE guid END FROM chat WHERE ROWID = ?)`;
const statements = new Map<string, string>();

/** The statement that takes values of these columns alone: with each that it takes, a row is slower to write. */
function insertOf(macos: Macos, given: string[]): string {
  const key = `${macos} ${given.join()}`;
  const known = statements.get(key);
  if (known !== undefined) return known;
  const values: Record<string, string | number> = { ...fixed };
  // Dates are NULL on macOS 26 until something happens.
  for (const [column, otherwise] of Object.entries(optionalColumns))
    values[column] = otherwise === null || (macos === "26" && column.startsWith("date_")) ? "NULL" : 0;
  for (const column of given) values[column] = column === "ck_chat_id" ? cloudChat : "?";
  // The order of the values is that of what is given.
  const rest = Object.keys(values).filter((column) => !given.includes(column));
  const columns = [...given, ...rest];
  const sql = `INSERT INTO message (${columns.join(", ")}) VALUES (${columns.map((column) => values[column]).join(", ")})`;
  statements.set(key, sql);
  return sql;
}

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
  const { text, runs } = message;
  const row: Record<string, SqlValue> = {
    guid,
    text: settings.body === "attributed" ? null : text,
    attributedBody: text === null || settings.body === "text" ? null : encodeAttributedBody(text, runs),
    handle_id: message.handleId,
    service: message.service,
    account: `${me.includes("@") ? "E" : "P"}:${me}`,
    account_guid: accountId,
    destination_caller_id: message.destination,
    date,
    is_from_me: message.fromMe ? 1 : 0,
    part_count: text === null ? null : (runs?.at(-1)?.part ?? 0) + 1,
  };
  if (text !== null) row.message_summary_info = plainSummary(message.service);
  for (const [column, value] of Object.entries(message.columns ?? {}))
    if (value !== undefined && value !== optionalColumns[column as OptionalColumn]) row[column] = value;
  if (world.macos === "26") row.ck_chat_id = message.chatId ?? message.laterIn ?? null;
  const insert = world.sql(insertOf(world.macos, Object.keys(row)));
  const id = Number(insert.run(...Object.values(row)).lastInsertRowid);
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
