import { type MessageRow, nameIn, normalizeHandle } from "../../conversation/index.js";
import { compareText } from "../../outbound/index.js";
import type { JournalEntry } from "../../store/index.js";

/** What a backup knows of an account's messages. */
export interface Known {
  /** Rows that had no end yet: not decided, or their turn waits or runs. */
  unfinished: JournalEntry[];
  /** GUIDs of rows that the journal or the outbox has. */
  guids: ReadonlySet<string>;
  /** What waited to be sent, or was being sent. */
  unsent: readonly Unsent[];
}

/** What waited to be sent, or was being sent. */
export interface Unsent {
  text?: string;
  /** What the conversation that it was for is known by: {@link conversationNamed}, and `chat_id:N` where numbers mean what they did. */
  places: readonly string[];
}

/** What became of them, as far as Messages tells. */
export interface Since {
  /** Ids in the journal, of what may have been answered. */
  aside: number[];
  /** Rows that the journal does not know, of which the same holds. */
  seen: MessageRow[];
  /** Own rows that the journal does not know. */
  own: MessageRow[];
}

/**
 * Tells what may have been answered after a backup was made: all that stands before something of our own, which the backup
 * does not know, in the same chat (behaviour 1.8a). What stands behind it surely was not.
 * @param rows that Messages has since then, in any order
 * @param region of the account, in which numbers without `+` are read
 */
export function answeredSince(rows: readonly MessageRow[], known: Known, region: string): Since {
  const chatOf = ({ chat }: MessageRow) =>
    conversationNamed(chat.guid || chat.identifier, region) || `chat_id:${chat.id}`;
  const unsent = known.unsent.filter(({ text = "" }) => text !== "");
  const own: MessageRow[] = [];
  const last = new Map<string, MessageRow>();
  for (const row of [...rows].sort((one, other) => one.rowId - other.rowId)) {
    if (!row.fromMe || row.tapback || known.guids.has(row.guid)) continue;
    // What the backup knows as waiting was sent: it says nothing of the messages before it, and is found by its chat and text.
    const places = [chatOf(row), `chat_id:${row.chat.id}`];
    const waited = unsent.findIndex(
      (item) =>
        compareText(item.text ?? "", row.text) === "same" &&
        item.places.some((place) => places.includes(place)),
    );
    if (waited >= 0) {
      unsent.splice(waited, 1);
      continue;
    }
    own.push(row);
    last.set(chatOf(row), row);
  }
  const present = new Map(rows.map((row) => [row.guid, row]));
  const mayBeAnswered = (row: MessageRow) => {
    const answer = last.get(chatOf(row));
    // In another database the numbers of the backup mean nothing.
    const there = present.get(row.guid);
    return answer !== undefined && (there ? there.rowId < answer.rowId : row.sentAt <= answer.sentAt);
  };
  return {
    aside: known.unfinished.filter(({ row }) => !row.fromMe && mayBeAnswered(row)).map(({ id }) => id),
    seen: rows.filter((row) => !row.fromMe && !known.guids.has(row.guid) && mayBeAnswered(row)),
    own,
  };
}

/**
 * What a conversation is known by here: a person's chats of iMessage and SMS are one.
 * @param name a GUID, an identifier or a handle
 * @param region of the account
 */
export function conversationNamed(name: string, region: string): string {
  return normalizeHandle(nameIn(name), region);
}
