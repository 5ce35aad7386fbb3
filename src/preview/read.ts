import type { MacAccess } from "../bridge/index.js";
import type { Chat, MessageRow } from "../conversation/index.js";

/** More chats and more messages of one than any phone has. */
const mostChats = 10_000;
const mostRows = 1_000_000;
/** Reads under way at once; builds before 0.14 answer them one after the other. */
const width = 4;

/** What a preview is made from. */
export interface History {
  chats: Chat[];
  /** Rows in the order in which Messages stored them. */
  rows: MessageRow[];
}

/**
 * Reads what was said since a time, from the database alone: any Mac that can read it will do, also over a copy.
 * @param since milliseconds since the epoch
 * @param timeoutMs of each read
 * @throws BridgeError
 */
export async function readHistory(mac: MacAccess, since: number, timeoutMs: number): Promise<History> {
  return await mac.look(async (reader) => {
    const chats = await reader.chats(mostChats);
    const active = chats.filter(({ lastMessageAt = since }) => lastMessageAt >= since);
    const rows: MessageRow[] = [];
    const work = active.values();
    const worker = async () => {
      for (const { id } of work) {
        const query = { chatId: id, limit: mostRows, since, attachments: true };
        for (const row of await reader.history(query)) rows.push(row);
      }
    };
    await Promise.all(Array.from({ length: width }, worker));
    return { chats, rows: rows.sort((one, other) => one.rowId - other.rowId) };
  }, timeoutMs);
}
