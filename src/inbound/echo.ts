import { basename } from "node:path";
import { hasSeveralPeople, type MessageRow } from "../conversation/index.js";
import { compareText } from "../outbound/index.js";
import type { Claim, KnownOfRow, RecentSend } from "../store/index.js";

/** An echo comes at once; after this a same text is somebody's own (protocol reference 9.5: up to about 2 s apart). */
const windowMs = 15_000;
/** A second row of a send is stored at the time of the first; a person does not write the same within it. */
const copyMs = 1000;
/** Where nobody knows whether a chat is one with oneself, a same text counts as an echo for this long only. */
const ambiguousMs = 4000;

/** How long a send without a row is remembered as the origin of an own row. */
const lateMs = 60 * 60_000;

/** The send that a row came from; `open` when that send still waits for its row, or was given up as unknown. */
export interface Echo {
  /** Number of the send. */
  item: number;
  open?: Claim;
}

/** Since when a row's chat is looked through for the send that it came from. @param at milliseconds since the epoch */
export function sentSinceFor(row: MessageRow, at: number): number {
  return at - (row.fromMe ? lateMs : windowMs);
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
  if (sent !== undefined) return { item: sent };
  const same = recent.filter(
    (send) => send.takenAt >= at - windowMs && row.rowId > send.floorRow && isContentOf(send, row),
  );
  // Of several with the same text the oldest that has no row yet: rows come in the order of the sends.
  const match =
    same.findLast(({ state, guid }) => state === "sending" && guid === undefined) ??
    (selfChat ? same[0] : same.find((send) => isSecondRow(send, row, at)));
  if (!match) return row.fromMe ? lateEcho(row, recent) : undefined;
  return match.state === "sending" ? { item: match.id, open: match.claim } : { item: match.id };
}

function isContentOf({ text, file }: RecentSend, row: MessageRow): boolean {
  if (text !== undefined) return compareText(text, row.text) === "same";
  return file !== undefined && row.attachments.some(({ name }) => name === basename(file));
}

function isSecondRow({ rowSentAt, takenAt }: RecentSend, row: MessageRow, at: number): boolean {
  if (rowSentAt !== undefined && Math.abs(rowSentAt - row.sentAt) <= copyMs) return true;
  // Without its destination a direct chat may be one with oneself (protocol reference 9.5).
  const isAmbiguous = row.destination === undefined && !hasSeveralPeople(row.chat);
  return isAmbiguous && at - takenAt <= ambiguousMs;
}

/** An own row of a send whose row nobody saw in time (a file, an unknown outcome): ours, and not written by hand. */
function lateEcho(row: MessageRow, recent: readonly RecentSend[]): Echo | undefined {
  const hasFile = row.attachments.length > 0 || row.text.includes("\ufffc");
  const sent = recent.find(({ guid, text }) => {
    if (guid !== undefined) return false;
    return text === undefined ? hasFile : compareText(text, row.text) === "same";
  });
  if (!sent) return undefined;
  return sent.state === "unknown" ? { item: sent.id, open: sent.claim } : { item: sent.id };
}
