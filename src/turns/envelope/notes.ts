import {
  type Chat,
  chatKeysOf,
  cutText,
  fileKind,
  type MessageRow,
  mayBeSameChat,
  normalizeHandle,
  readableText,
  shownText,
  type TapbackEvent,
} from "../../conversation/index.js";
import type { JournalEntry, Store } from "../../store/index.js";

/** Notes of one turn, the newest ones. */
const mostNotes = 20;
/** A quoted text is cut here, UTF-16 code units. */
const quoteLength = 80;

/** What a turn's agent is told beside the messages, and the rows that this tells of. */
export interface Notes {
  texts: string[];
  ids: number[];
}

/** What the agent said before and nobody has read yet, because a budget holds it back (behaviour 10.5). */
export async function heldNote(account: string, row: MessageRow, store: Store): Promise<string[]> {
  const held = await store.outbox.heldIn(account, chatKeysOf(row));
  if (!held) return [];
  const what = held.count === 1 ? "1 earlier message" : `${held.count} earlier messages`;
  return [`${what} to this chat did not go out yet, ${held.why}. What you answer now waits behind that.`];
}

/**
 * Tells of tapbacks and poll votes since the last turn in this chat (behaviour 9.8) and, where the settings ask for it,
 * of messages that came too late to be answered (behaviour 9.5).
 * @param withMissed whether `missedSummary` is `agent`
 */
export async function notesFor(
  account: string,
  chat: Chat,
  store: Store,
  withMissed: boolean,
): Promise<Notes> {
  const isOfChat = ({ row }: JournalEntry) => mayBeSameChat(row.chat, chat);
  const events = (await store.journal.notes(account, chat.id, mostNotes)).filter(isOfChat);
  const missed = withMissed
    ? (await store.journal.missedIn(account, chat.id, mostNotes)).filter(isOfChat)
    : [];
  const texts: string[] = [];
  for (const { row } of events) {
    if (row.tapback)
      texts.push(`${nameOf(row)} ${tapbackText(row.tapback, await quoteOf(row.tapback, account, store))}`);
    else if (row.change) texts.push(...(await changeNote(row, row.change, account, store)));
    else if (row.poll) texts.push(`${nameOf(row)} ${voteText(row.poll)}`);
  }
  return {
    texts: [...missed.map(missedText), ...texts],
    ids: [...missed, ...events].map(({ id }) => id),
  };
}

/** Nothing where the turn of the message was given what it says now: it was read again before (behaviour 9.7). */
async function changeNote(
  row: MessageRow,
  { guid, kind, before, text }: NonNullable<MessageRow["change"]>,
  account: string,
  store: Store,
): Promise<string[]> {
  const entry = await store.journal.findByGuid(guid, account);
  if (entry?.decision?.kind === "drop") return [];
  const turn = entry?.turnId === undefined ? undefined : await store.turns.get(entry.turnId);
  if (kind === "edited" && turn?.envelope.messages?.find((message) => message.guid === guid)?.text === text)
    return [];
  const what = before === "" ? "a message" : `"${cut(before)}"`;
  return [`${nameOf(row)} ${kind === "edited" ? `edited ${what} to "${cut(text)}"` : `took back ${what}`}`];
}

const verbs: Record<string, string> = {
  love: "loved",
  like: "liked",
  dislike: "disliked",
  laugh: "laughed at",
  emphasize: "emphasized",
  emphasis: "emphasized",
  question: "questioned",
};

function tapbackText({ kind, emoji, added }: TapbackEvent, quote: string): string {
  if (kind === "sticker") return added ? `put a sticker on ${quote}` : `took a sticker off ${quote}`;
  const verb = verbs[kind];
  if (!added) return `removed ${emoji || "a tapback"} from ${quote}`;
  return verb ? `${verb} ${quote}` : `reacted with ${emoji || "a tapback"} to ${quote}`;
}

/** The words of the message that a tapback is on, as far as they are known. */
async function quoteOf({ targetGuid }: TapbackEvent, account: string, store: Store): Promise<string> {
  const row = (await store.journal.findByGuid(targetGuid, account))?.row;
  const text = row
    ? shownText(row)
    : (await store.outbox.findSent(account, { guid: targetGuid, rowId: -1 }))?.text;
  const line = readableText(text ?? "").split(/\r?\n/, 1)[0]!;
  if (line !== "") return `"${cut(line)}"`;
  const [file] = row?.attachments ?? [];
  return file ? fileKind(file) : "a message";
}

function voteText(poll: NonNullable<MessageRow["poll"]>): string {
  const { question, vote, votes } = poll as {
    question?: string;
    vote?: { option_text?: string };
    votes?: { option_text?: string }[];
  };
  const chosen = (votes ?? (vote ? [vote] : [])).flatMap(({ option_text }) => option_text ?? []);
  const what = chosen.length > 0 ? `voted for ${chosen.map((text) => `"${cut(text)}"`).join(", ")}` : "voted";
  return question ? `${what} in the poll "${cut(question)}"` : `${what} in a poll`;
}

function missedText({ row }: JournalEntry): string {
  const line = shownText(row).split(/\r?\n/, 1)[0]!;
  return `${nameOf(row)} wrote at ${new Date(row.sentAt).toISOString()}, and was not answered because it came late: "${cut(line)}"`;
}

function nameOf({ senderName, sender }: MessageRow): string {
  return senderName || normalizeHandle(sender);
}

function cut(text: string): string {
  return cutText(text, quoteLength);
}
