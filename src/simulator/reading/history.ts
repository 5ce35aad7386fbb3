import { toAppleTime } from "../chat-db/apple-time.js";
import { linkBalloon } from "../messages-app/deliver.js";
import type { World } from "../world/world.js";
import type { ChatBook } from "./chats.js";
import { foldPreviews } from "./folding.js";
import { describeMessage, type MessageObject, type MessageRecord, readChatRows } from "./messages.js";

/** Which messages are wanted; times in milliseconds since 1970. */
export interface Filter {
  /** Lower case; absent: everyone. */
  participants?: string[];
  /** Inclusive. */
  start?: number;
  /** Exclusive. */
  end?: number;
}

/**
 * Messages of a chat, newest first, without tapback rows (protocol reference 3.2). Of those with one date the lower row comes
 * first before 0.14.0, the higher one since (protocol reference 12, row 21).
 */
export function history(
  world: World,
  book: ChatBook,
  options: { chatId: number; limit: number; attachments: boolean; convert?: boolean; filter: Filter },
): MessageObject[] {
  const { filter, limit } = options;
  const narrow = filter.participants !== undefined || filter.start !== undefined || filter.end !== undefined;
  // All of it is of one chat, which is looked up once.
  const chat = book.get(options.chatId);
  const read = (count: number) =>
    readChatRows(
      world,
      `WHERE j.chat_id = ?1 AND (m.associated_message_type IS NULL OR m.associated_message_type NOT BETWEEN 2000 AND 3006)
       AND (abs(j.message_date) < 100000000000 OR ((?3 IS NULL OR j.message_date >= ?3) AND (?4 IS NULL OR j.message_date <= ?4)))
       ORDER BY j.message_date DESC, j.message_id ${world.since("0.14.0") ? "DESC" : "ASC"} LIMIT ?2`,
      options.chatId,
      count,
      boundOf(filter.start),
      boundOf(filter.end),
    );
  // A filter is applied after reading; what surely lies outside of its times need not be read (old rows hold seconds).
  let rows = read(narrow ? -1 : limit);
  // A preview that is folded leaves its place to an older message.
  if (!narrow && rows.some(({ balloon }) => balloon === linkBalloon) && world.since("0.11.1"))
    rows = read(limit * 2);
  rows = rows.filter((row) => passes(filter, row));
  const oldestFirst = [...rows].sort((a, b) => a.at - b.at || a.id - b.id);
  const left = new Map(foldPreviews(world, oldestFirst).map((folded) => [folded.message.id, folded]));
  return rows
    .flatMap(({ id }) => left.get(id) ?? [])
    .slice(0, limit)
    .map((folded) => ({
      ...describeMessage(world, { get: () => chat }, folded.message, {
        attachments: options.attachments,
        convert: options.convert ?? false,
        reactions: true,
      }),
      ...(folded.preview === undefined ? {} : { url_preview: folded.preview }),
    }));
}

/** A time as Messages stores it; null where it lies beyond all that can be stored. */
function boundOf(at: number | undefined): bigint | null {
  return at === undefined || Math.abs(at) > 9e12 ? null : toAppleTime(at);
}

/** Whether a message fits a filter: its start is included, its end is not. */
export function passes(filter: Filter, message: MessageRecord): boolean {
  if (filter.participants !== undefined && !filter.participants.includes(message.sender.toLowerCase()))
    return false;
  if (filter.start !== undefined && message.at < filter.start) return false;
  return filter.end === undefined || message.at < filter.end;
}
