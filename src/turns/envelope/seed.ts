import type { Bridge } from "../../bridge/index.js";
import { type Envelope, type MessageRow, normalizeHandle, readableText } from "../../conversation/index.js";

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
  bridge: Pick<Bridge, "history">,
): Promise<Envelope["context"]> {
  if (row.chat.id <= 0) return [];
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no history within ${waitMs} ms`)), waitMs);
  });
  // The message itself, and rows without text, take up some of the newest ones.
  const read = bridge.history({ chatId: row.chat.id, limit: limit * 2 + 5 });
  const rows = await Promise.race([read, tooLong]).finally(() => clearTimeout(timer));
  return rows
    .filter((earlier) => earlier.rowId < row.rowId && readableText(earlier.text) !== "")
    .sort((one, other) => one.rowId - other.rowId)
    .slice(-limit)
    .map((earlier) => ({
      sender: earlier.fromMe ? "me" : normalizeHandle(earlier.sender),
      ...(!earlier.fromMe && earlier.senderName && { name: earlier.senderName }),
      text: readableText(earlier.text),
      sentAt: new Date(earlier.sentAt).toISOString(),
    }));
}
