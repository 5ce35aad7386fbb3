import { basename } from "node:path";
import { chatKeysOf, hasSeveralPeople, type MessageRow } from "../conversation/index.js";
import { compareText } from "../outbound/index.js";
import type { Claim, OutboxItem, SentContent, Store, TakenItem } from "../store/index.js";

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
  item: OutboxItem;
  open?: Claim;
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
  account: string,
  store: Store,
  at: number,
): Echo | undefined {
  const known = store.outbox.findSent(account, row);
  if (known) return { item: known };
  const same = store.outbox.recent(
    account,
    chatKeysOf(row),
    at - windowMs,
    (sent) => row.rowId > sent.floorRow && isContentOf(sent, row),
  );
  // Of several with the same text the oldest that has no row yet: rows come in the order of the sends.
  const match =
    same.findLast(({ item }) => item.state === "sending" && item.guid === undefined) ??
    (selfChat ? same[0] : same.find((taken) => isSecondRow(taken, row, account, store, at)));
  if (!match) return row.fromMe ? lateEcho(row, account, store, at) : undefined;
  return match.item.state === "sending" ? { item: match.item, open: match.claim } : { item: match.item };
}

function isContentOf({ text, file }: SentContent, row: MessageRow): boolean {
  if (text !== undefined) return compareText(text, row.text) === "same";
  return file !== undefined && row.attachments.some(({ name }) => name === basename(file));
}

function isSecondRow(
  { item }: TakenItem,
  row: MessageRow,
  account: string,
  store: Store,
  at: number,
): boolean {
  const first = item.guid ? store.journal.findByGuid(item.guid, account)?.row : undefined;
  if (first && Math.abs(first.sentAt - row.sentAt) <= copyMs) return true;
  // Without its destination a direct chat may be one with oneself (protocol reference 9.5).
  const isAmbiguous = row.destination === undefined && !hasSeveralPeople(row.chat);
  return isAmbiguous && item.takenAt !== undefined && at - item.takenAt <= ambiguousMs;
}

/** An own row of a send whose row nobody saw in time (a file, an unknown outcome): ours, and not written by hand. */
function lateEcho(row: MessageRow, account: string, store: Store, at: number): Echo | undefined {
  const hasFile = row.attachments.length > 0 || row.text.includes("\ufffc");
  const [sent] = store.outbox.recent(account, chatKeysOf(row), at - lateMs, ({ guid, text }) => {
    if (guid !== undefined) return false;
    return text === undefined ? hasFile : compareText(text, row.text) === "same";
  });
  if (!sent) return undefined;
  return sent.item.state === "unknown" ? { item: sent.item, open: sent.claim } : { item: sent.item };
}
