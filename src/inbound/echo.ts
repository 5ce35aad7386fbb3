import { type MessageRow, normalizeHandle } from "../conversation/index.js";
import { compareText } from "../outbound/index.js";
import type { Claim, OutboxItem, Store } from "../store/index.js";

/** An echo comes at once; after this a same text is somebody's own (protocol reference 9.5: up to about 2 s apart). */
const windowMs = 15_000;

/** The send that a row came from; `open` when that send still waits for its row. */
export interface Echo {
  item: OutboxItem;
  open?: Claim;
}

/**
 * Finds the send that a row came from (behaviour 9.2): by GUID, by row id, or by text in the same chat while the send is
 * young and has no row yet. In a chat with oneself every message stands twice, so there a young send's text is enough.
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
  const young = store.outbox.recent(account, chatKeysOf(row), at - windowMs);
  const same = young.filter(
    ({ item }) =>
      item.text !== undefined && row.rowId > item.floorRow && compareText(item.text, row.text) === "same",
  );
  // Of several with the same text the oldest that has no row yet: rows come in the order of the sends.
  const match =
    same.findLast(({ item }) => item.state === "sending" && item.guid === undefined) ??
    (selfChat ? same[0] : undefined);
  if (!match) return undefined;
  return match.item.state === "sending" ? { item: match.item, open: match.claim } : { item: match.item };
}

/** The keys under which sends into a row's chat are ordered: by chat, and by handle where no chat was known. */
export function chatKeysOf(row: MessageRow): string[] {
  const keys = [`chat:${row.chat.id}`];
  if (!row.chat.isGroup && row.chat.identifier) keys.push(`handle:${normalizeHandle(row.chat.identifier)}`);
  return keys;
}
