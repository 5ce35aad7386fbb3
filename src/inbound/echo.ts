import { basename } from "node:path";
import { hasSeveralPeople, type MessageRow } from "../conversation/index.js";
import { compareText, showsPoll } from "../outbound/index.js";
import type { Claim, JournalEntry, KnownOfRow, RecentSend, SeenSend } from "../store/index.js";

/** An echo comes at once; after this a same text is somebody's own (protocol reference 9.5: up to about 2 s apart). */
const windowMs = 15_000;
/** The second row of a message to oneself comes up to about 2 s after the first (protocol reference 9.5). */
export const copyMs = 2500;
/** How far apart in time two rows of one send may be where the direction of the second was wrong, in a chat of several people. */
const wrongCopyMs = 1000;
/** Where it cannot be told which of two rows is the second one, a same text counts as an echo for this long only. */
const ambiguousMs = 4000;

/** How long a send without a row is remembered as the origin of an own row. */
const lateMs = 60 * 60_000;

/** The send that a row came from; `open` when that send still waits for its row, or was given up as unknown. */
export interface Echo {
  /** Number of the send. */
  item: number;
  open?: Claim;
  /** When it was handed to the bridge, and how often it was. */
  takenAt: number | undefined;
  attempts: number;
}

/** What a row of our own tells of the two clocks; undefined where it is not known which try it came from. */
export function seenSend(
  { row, arrival, receivedAt }: Pick<JournalEntry, "row" | "arrival" | "receivedAt">,
  { takenAt, attempts }: Echo,
): SeenSend | undefined {
  if (!row.fromMe || arrival !== "live" || takenAt === undefined || attempts !== 1) return undefined;
  return { takenAt, sentAt: row.sentAt, receivedAt };
}

/**
 * Since when a row's chat is looked through for the send that it came from. An own row may come hours after it was written,
 * behind a machine that slept or a gateway that was down.
 * @param at milliseconds since the epoch
 */
export function sentSinceFor(row: MessageRow, at: number): number {
  return row.fromMe ? Math.min(at, row.sentAt) - lateMs : at - windowMs;
}

/**
 * Finds the send that a row came from (behaviour 9.2): by GUID, by row id, or by its content in the same chat while the
 * send is young. Every shape of protocol reference 9.5 and 9.6 is met: a send without a row yet; the second row of a
 * message to oneself; a second row that Messages wrote with the wrong direction.
 * @param selfChat whether the row's chat is one with oneself
 * @param at milliseconds since the epoch
 */
export function findEcho(
  row: MessageRow,
  selfChat: boolean,
  { sent, recent }: Pick<KnownOfRow, "sent" | "recent">,
  at: number,
): Echo | undefined {
  if (sent)
    return {
      item: sent.id,
      takenAt: sent.takenAt,
      attempts: sent.attempts,
      ...(sent.open && { open: sent.open }),
    };
  // What was sent elsewhere may have landed here; what was sent here comes first.
  const of = (elsewhere: boolean) =>
    findAmong(
      row,
      selfChat,
      recent.filter((send) => send.elsewhere === elsewhere),
      at,
    );
  return of(false) ?? of(true);
}

function findAmong(
  row: MessageRow,
  selfChat: boolean,
  recent: readonly RecentSend[],
  at: number,
): Echo | undefined {
  const same = recent.filter(
    (send) => isInTime(send, row, at) && row.rowId > send.floorRow && isContentOf(send, row),
  );
  // Of several with the same text the oldest that has no row yet: rows come in the order of the sends.
  const match =
    same.findLast((send) => send.state === "sending" && isNamedByNothing(send)) ??
    (selfChat ? same[0] : same.find((send) => isSecondRow(send, row, at)));
  if (!match) return besidePoll(row, recent) ?? (row.fromMe ? lateEcho(row, recent) : undefined);
  return echoOf(match, match.state === "sending" && match.attemptId === undefined);
}

/** What was sent in the future was sent before our clock was set back: what others write is no echo of it. */
function isInTime({ takenAt }: RecentSend, { fromMe }: MessageRow, at: number): boolean {
  return takenAt >= at - windowMs && (fromMe || takenAt <= at + windowMs);
}

/** Whether nothing but its content tells which row is its own. */
function isNamedByNothing({ guid, attemptId }: RecentSend): boolean {
  return guid === undefined && attemptId === undefined;
}

function isContentOf({ text, file, poll }: RecentSend, row: MessageRow): boolean {
  if (row.poll) return showsPoll(row, poll);
  if (text !== undefined && compareText(text, row.text) === "same") return true;
  return file !== undefined && row.attachments.some(({ name }) => name === basename(file));
}

/**
 * What stands beside a poll that asks something, while only one of them names the send: its caption, which is the question as a
 * message of its own, under a GUID that a lost answer does not tell (protocol reference 20); and the poll itself where the text
 * asked the same, because nobody knew whether it was there.
 */
function besidePoll(row: MessageRow, recent: readonly RecentSend[]): Echo | undefined {
  if (!row.fromMe && hasSeveralPeople(row.chat, row.destination)) return undefined;
  const asked = recent.find(
    ({ poll }) => poll !== undefined && (showsPoll(row, poll) || row.text.trim() === poll.trim()),
  );
  return asked && echoOf(asked, false);
}

function isSecondRow({ rowSentAt, takenAt }: RecentSend, row: MessageRow, at: number): boolean {
  // Any direct chat may be one with oneself, under an address that nobody knows to be the account's (protocol reference 9.5).
  const isDirect = !hasSeveralPeople(row.chat, row.destination);
  if (rowSentAt !== undefined && Math.abs(rowSentAt - row.sentAt) <= (isDirect ? copyMs : wrongCopyMs))
    return true;
  const isAmbiguous = isDirect && (row.destination === undefined || rowSentAt === undefined);
  return isAmbiguous && Math.abs(at - takenAt) <= ambiguousMs;
}

/** An own row of a send whose row nobody saw in time (a file, an unknown outcome): ours, and not written by hand. */
function lateEcho(row: MessageRow, recent: readonly RecentSend[]): Echo | undefined {
  const hasFile = row.attachments.length > 0 || row.text.includes("\ufffc");
  const sent = recent.find((send) => {
    const { text, file } = send;
    if (!isNamedByNothing(send)) return false;
    // What was to be heard may have gone as its text.
    if (text !== undefined && compareText(text, row.text) === "same") return true;
    return hasFile && (file !== undefined || text === undefined);
  });
  if (!sent) return undefined;
  return echoOf(sent, sent.state === "unknown");
}

function echoOf({ id, claim, takenAt }: RecentSend, isOpen: boolean): Echo {
  return { item: id, takenAt, attempts: claim.attempt, ...(isOpen && { open: claim }) };
}
