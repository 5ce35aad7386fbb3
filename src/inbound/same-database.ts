import { type BridgeReader, ofOneChat } from "../bridge/index.js";
import type { Store } from "../store/index.js";

/** Rows that are looked for; one is enough, the others are there for messages that were deleted. */
const looked = 3;

/**
 * Whether Messages still has the database file whose row numbers the journal knows: numbers are those of one file, and
 * a restored or a new one starts lower or elsewhere (protocol reference 9.9).
 * @returns `unknown` when none of the newest rows is found: they were deleted, their chats cannot be read, or it is
 *   another file
 * @throws BridgeError
 */
export async function sameDatabase(
  bridge: Pick<BridgeReader, "history">,
  store: Store,
  account: string,
): Promise<"same" | "other" | "unknown"> {
  const rows = (await store.journal.list({ account, own: true, limit: 50 }))
    .map(({ row }) => row)
    // Tapbacks are not in the history (protocol reference 3.2).
    .filter(({ chat, guid, tapback, fault }) => chat.id > 0 && guid !== "" && !tapback && !fault);
  const unreadable = new Set<number>();
  let looks = 0;
  for (const { chat, guid, rowId, sentAt } of rows) {
    if (looks >= looked) break;
    if (unreadable.has(chat.id)) continue;
    const there = await ofOneChat(
      bridge.history({ chatId: chat.id, limit: 20, since: sentAt - 1, until: sentAt + 2 }),
    );
    if (!there.ok) {
      unreadable.add(chat.id);
      continue;
    }
    looks++;
    const found = there.value.find((row) => row.guid === guid);
    if (found) return found.rowId === rowId ? "same" : "other";
  }
  return "unknown";
}
