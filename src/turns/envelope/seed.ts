import type { Bridge } from "../../bridge/index.js";
import { type Envelope, type MessageRow, normalizeHandle, shownText } from "../../conversation/index.js";
import type { Clock } from "../../platform/index.js";

/** A history that takes longer is gone without, milliseconds: the person waits. */
const waitMs = 5000;

/**
 * Reads what was said in a direct chat before a message, to seed a new session (`dmHistoryLimit`).
 * @param limit most messages
 * @returns oldest first; what the account itself wrote is from `me`
 * @throws what the bridge throws, or when it takes too long
 */
export async function historyBefore(
  row: MessageRow,
  limit: number,
  { bridge, clock }: { bridge: Pick<Bridge, "history">; clock: Clock },
): Promise<Envelope["context"]> {
  if (row.chat.id <= 0) return [];
  const answered = new AbortController();
  const tooLong = clock.sleep(waitMs, answered.signal);
  // The message itself, and rows without text, take up some of the newest ones.
  const read = bridge.history({ chatId: row.chat.id, limit: limit * 2 + 5 });
  const rows = await Promise.race([read, tooLong]).finally(() => answered.abort());
  if (typeof rows === "boolean") throw new Error(`no history within ${waitMs} ms`);
  return rows
    .filter((earlier) => earlier.rowId < row.rowId && shownText(earlier) !== "")
    .sort((one, other) => one.rowId - other.rowId)
    .slice(-limit)
    .map((earlier) => ({
      sender: earlier.fromMe ? "me" : normalizeHandle(earlier.sender),
      ...(!earlier.fromMe && earlier.senderName && { name: earlier.senderName }),
      text: shownText(earlier),
      sentAt: new Date(earlier.sentAt).toISOString(),
    }));
}
