import type { MessageRow } from "../conversation/index.js";
import { readableText } from "../conversation/index.js";
import type { JournalEntry } from "../store/index.js";
import { copyMs } from "./echo.js";

/** A link preview belongs to a text that was sent at most this long before it, milliseconds (protocol reference 9.1). */
const previewMs = 5000;

/** How far from a row the rows were sent, in milliseconds, that may be the same message. */
export function nearOf(row: MessageRow, selfChat: boolean): { before: number; after: number } {
  const copy = selfChat ? copyMs : 0;
  return { before: Math.max(copy, row.balloon ? previewMs : 0), after: copy };
}

/**
 * Whether Messages stored a message once more that is in the journal already, under another GUID: a row that Apple
 * inserted again (behaviour 9.5), the second copy of a message to oneself whose direction is wrong on both (protocol
 * reference 9.6), or a link preview that imsg folded into its text the last time.
 * @param near earlier rows of the same person in the chat, as far as {@link nearOf} says
 * @param selfChat whether the row's chat is one with oneself
 */
export function isStoredAgain(row: MessageRow, near: readonly JournalEntry[], selfChat: boolean): boolean {
  const around = (before: number, after: number) =>
    near.filter(({ row: { sentAt } }) => sentAt >= row.sentAt - before && sentAt <= row.sentAt + after);
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
  return a.guid !== b.guid && isTelling(a) && contentOf(a) === contentOf(b);
}

/**
 * Whether a row's content says which message it is. The pictures of a burst have one time and no words, and while their
 * files are on their way they all look alike.
 */
function isTelling({ text, tapback, attachments, poll }: MessageRow): boolean {
  if (readableText(text) !== "" || tapback || poll) return true;
  return attachments.length > 0 && attachments.every(({ name, bytes }) => name !== "" && bytes > 0);
}

/** What a row says, also where it has no text. */
function contentOf({ text, tapback, attachments, replyTo, poll }: MessageRow): string {
  const files = attachments.map(({ name, bytes }) => [name, bytes]);
  return JSON.stringify([text, tapback, files, replyTo?.guid, poll?.question, poll?.options]);
}
