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
  /** The chat that it will be joined to. */
  laterIn?: number;
  guid?: string;
  text: string | null;
  /** Stretches of the text; one part when absent. */
  runs?: BodyRun[] | undefined;
  handleId: number;
  fromMe: boolean;
  service: string;
  /** The own address that the row used. */
  destination: string | null;
  /** Milliseconds since 1970. */
  at: number;
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
} as const;

type OptionalColumn = keyof typeof optionalColumns;

const optional = Object.entries(optionalColumns) as [OptionalColumn, null | 0][];

const always = [
  "guid",
  "text",
  "attributedBody",
  "handle_id",
  "service",
  "account",
  "account_guid",
  "destination_caller_id",
  "date",
  "is_from_me",
  "part_count",
];
/** Ten is the version of all ordinary rows, and Messages looks for data in nearly all texts (docs/spec/chat-db-schema.json). */
const fixed = { is_finished: 1, version: 10, was_data_detected: 1 };
/** The chat's GUID with its service, which the GUID itself does not name on macOS 26. */
const cloudChat = `(SELECT CASE WHEN guid LIKE 'any;%' THEN service_name || substr(guid, 4) ELSE guid END FROM chat WHERE ROWID = ?)`;

function insertOf(macos: Macos): string {
  const columns = [...Object.keys(fixed), ...always, ...optional.map(([name]) => name)];
  const values = [...Object.values(fixed), ...[...always, ...optional].map(() => "?")];
  if (macos === "26") {
    columns.push("ck_chat_id");
    values.push(cloudChat);
  }
  return `INSERT INTO message (${columns.join(", ")}) VALUES (${values.join(", ")})`;
}
const inserts = { "15": insertOf("15"), "26": insertOf("26") };

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
  const { text, runs, columns = {} } = message;
  const values: SqlValue[] = [
    guid,
    settings.body === "attributed" ? null : text,
    text === null || settings.body === "text" ? null : encodeAttributedBody(text, runs),
    message.handleId,
    message.service,
    `${me.includes("@") ? "E" : "P"}:${me}`,
    accountId,
    message.destination,
    date,
    message.fromMe ? 1 : 0,
    text === null ? null : (runs?.at(-1)?.part ?? 0) + 1,
  ];
  for (const [column, otherwise] of optional) values.push(columns[column] ?? otherwise);
  if (text !== null && columns.message_summary_info === undefined)
    values[summaryAt] = plainSummary(message.service);
  if (world.macos === "26") {
    // Dates are NULL there until something happens.
    for (const at of dateColumns) if (values[at] === 0) values[at] = null;
    values.push(message.chatId ?? message.laterIn ?? null);
  }
  const id = Number(world.sql(inserts[world.macos]).run(...values).lastInsertRowid);
  if (message.chatId !== undefined) joinMessage(world, message.chatId, id, date);
  return { id, guid };
}

const positionOf = (column: OptionalColumn) =>
  always.length + optional.findIndex(([name]) => name === column);
const summaryAt = positionOf("message_summary_info");
const dateColumns = [positionOf("date_read"), positionOf("date_delivered")];

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
