import { textOf } from "../messages-app/threads.js";
import type { World } from "../world/world.js";
import { attachmentsOf } from "./attachments.js";
import { type MessageRecord, readChatRows, readRows } from "./messages.js";
import { pollOf, voteOf } from "./polls.js";
import { reactionsOf } from "./reactions.js";

/** One message as people see it in Messages. */
export interface TranscriptEntry {
  id: number;
  guid: string;
  chatId: number;
  /** ISO 8601. */
  at: string;
  /** `me`, or the handle. */
  from: string;
  /** Name in Contacts. */
  name?: string;
  /** Without placeholders of attachments; "" when it was unsent. */
  text: string;
  service: string;
  /** GUID of the first message of its thread. */
  thread?: string;
  effect?: string;
  /** What a poll asks. */
  poll?: { question: string; options: string[] };
  /** The option that a vote in a poll chose, or took back. */
  vote?: { option: string; takenBack: boolean };
  edited: boolean;
  unsent: boolean;
  /** Emoji, each with who put it. */
  tapbacks: { emoji: string; from: string }[];
  /** Paths; "" while the file is not there. */
  attachments: string[];
  /** What happened in the group, for its system rows. */
  event?: string;
  /** Messages' error number; 22 is "Not Delivered". */
  error: number;
}

/**
 * What a chat, or every chat, looks like; oldest first, tapbacks at their messages, link previews as rows.
 * @param after only rows with a higher number
 */
export function transcript(world: World, chatId?: number, after = -1): TranscriptEntry[] {
  const kept = `m.ROWID > ?1 AND coalesce(m.associated_message_type, 0) NOT BETWEEN 2000 AND 3007 ORDER BY m.date, m.ROWID`;
  const rows =
    chatId === undefined
      ? readRows(world, `WHERE j.chat_id IS NOT NULL AND ${kept}`, after)
      : readChatRows(world, `WHERE j.chat_id = ?2 AND ${kept}`, after, chatId);
  return rows.map((row) => entry(world, row));
}

/** How many of the newest rows are looked at for changes. */
const followedRows = 200;

/** @returns a function that gives what is new, or looks different, since its last call; everything at first */
export function transcriptNews(world: World, chatId?: number): () => TranscriptEntry[] {
  const shown = new Map<string, string>();
  let newest = 0;
  return () => {
    const news = transcript(world, chatId, newest - followedRows).filter((entry) => {
      const looks = JSON.stringify(entry);
      newest = Math.max(newest, entry.id);
      const differs = shown.get(entry.guid) !== looks;
      shown.set(entry.guid, looks);
      return differs;
    });
    return news;
  };
}

function entry(world: World, row: MessageRecord): TranscriptEntry {
  const more = world
    .sql(
      `SELECT service, date_edited > 0 AS edited, is_empty, error, item_type, group_title, group_action_type,
         expressive_send_style_id AS effect FROM message WHERE ROWID = ?`,
    )
    .get(row.id)!;
  const poll = pollOf(world, row);
  const vote = poll?.kind === "vote" ? voteOf(world, row.guid) : undefined;
  const event = eventOf(
    Number(more.item_type),
    Number(more.group_action_type),
    String(more.group_title ?? ""),
  );
  const from = row.fromMe ? "me" : row.sender;
  const name = world.settings().names[from];
  const thread = row.row.thread_originator_guid;
  return {
    id: row.id,
    guid: row.guid,
    chatId: row.chatId,
    at: new Date(row.at).toISOString(),
    from,
    ...(name === undefined ? {} : { name }),
    text: (row.row.is_audio_message === 1 ? row.text : textOf(row.row)).replaceAll("\ufffc", ""),
    service: String(more.service ?? ""),
    ...(thread ? { thread: String(thread) } : {}),
    ...(more.effect ? { effect: String(more.effect) } : {}),
    ...(poll?.kind === "created" ? { poll: askedIn(poll) } : {}),
    ...(vote === undefined ? {} : { vote }),
    edited: more.edited === 1 && more.is_empty !== 1,
    unsent: more.edited === 1 && more.is_empty === 1,
    tapbacks: reactionsOf(world, row.guid).map((reaction) => ({
      emoji: String(reaction.emoji),
      from: reaction.is_from_me ? "me" : String(reaction.sender),
    })),
    attachments: attachmentsOf(world, row.id).map((attachment) => String(attachment.original_path)),
    ...(event === undefined ? {} : { event }),
    error: Number(more.error),
  };
}

function askedIn({ question, options }: Record<string, unknown>): NonNullable<TranscriptEntry["poll"]> {
  return { question: String(question), options: (options as { text: string }[]).map(({ text }) => text) };
}

function eventOf(type: number, action: number, title: string): string | undefined {
  if (type === 1) return action === 0 ? "added someone" : "removed someone";
  if (type === 2) return title === "" ? "removed the name" : `named the conversation “${title}”`;
  if (type === 3) return ["left", "changed the picture", "removed the picture"][action];
  return undefined;
}

/** One line for people. */
export function transcriptLine(entry: TranscriptEntry): string {
  const who = entry.name ?? entry.from;
  const marks = [
    ...(entry.edited ? ["edited"] : []),
    ...(entry.thread === undefined ? [] : ["reply"]),
    ...(entry.effect === undefined ? [] : [entry.effect.split(".").at(-1)!]),
    ...(entry.error === 0 ? [] : ["not delivered"]),
    ...(entry.attachments.length === 0 ? [] : [`${entry.attachments.length} file(s)`]),
    ...entry.tapbacks.map(({ emoji, from }) => `${emoji} ${from}`),
  ];
  const asked = entry.poll && `${entry.poll.question} (${entry.poll.options.join(" / ")})`;
  const voted =
    entry.vote && `${entry.vote.takenBack ? "takes back the vote for" : "votes for"} ${entry.vote.option}`;
  const what = entry.event ?? (entry.unsent ? "(unsent)" : (asked ?? voted ?? entry.text));
  const time = entry.at.replace("T", " ").slice(0, 19);
  return `${time}  ${entry.chatId}  ${who}: ${what}${marks.length === 0 ? "" : `  [${marks.join(", ")}]`}`;
}
