import type { MessageRow } from "../conversation/index.js";
import { readableText } from "../conversation/index.js";
import type { JournalEntry, Store } from "../store/index.js";

/** In a chat with oneself both copies of a message come within this, milliseconds (protocol reference 9.5). */
const copyMs = 2000;
/** A link preview belongs to a text that was sent at most this long before it, milliseconds (protocol reference 9.1). */
const previewMs = 5000;

/**
 * Whether Messages stored a message once more that is in the journal already, under another GUID: a row that Apple
 * inserted again (behaviour 9.5), the second copy of a message to oneself whose direction is wrong on both (protocol
 * reference 9.6), or a link preview that imsg folded into its text the last time.
 * @param selfChat whether the row's chat is one with oneself
 */
export function isStoredAgain(entry: JournalEntry, selfChat: boolean, store: Store): boolean {
  const { row } = entry;
  if (row.chat.id <= 0) return false;
  const around = (before: number, after: number) =>
    store.journal
      .sentBetween(entry.account, row.chat.id, row.sentAt - before, row.sentAt + after)
      .filter((other) => other.id < entry.id && other.row.sender === row.sender && !other.row.fromMe);
  if (around(0, 0).some((other) => isSame(other.row, row))) return true;
  if (row.balloon && around(previewMs, 0).some((other) => other.row.preview?.guid === row.guid)) return true;
  return (
    selfChat &&
    readableText(row.text) !== "" &&
    around(copyMs, copyMs).some(
      ({ row: other, decision }) =>
        (decision?.kind === "dispatch" || decision?.kind === "command") &&
        readableText(other.text) === readableText(row.text),
    )
  );
}

function isSame(a: MessageRow, b: MessageRow): boolean {
  return a.guid !== b.guid && contentOf(a) === contentOf(b);
}

/** What a row says, also where it has no text. */
function contentOf({ text, tapback, attachments, replyTo }: MessageRow): string {
  const files = attachments.map(({ name, bytes }) => [name, bytes]);
  return JSON.stringify([text, tapback, files, replyTo?.guid]);
}
