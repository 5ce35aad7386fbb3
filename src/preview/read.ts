import { ImsgClient, type ImsgCommand, parseChat, parseMessage } from "../bridge/index.js";
import type { Chat, MessageRow } from "../conversation/index.js";

/** More chats and more messages of one than any phone has. */
const mostChats = 10_000;
const mostRows = 1_000_000;
/** Reads under way at once; builds before 0.14 answer them one after the other. */
const width = 4;

/** What a preview is made from. */
export interface History {
  chats: Chat[];
  /** In the order in which Messages stored them. */
  rows: MessageRow[];
}

/**
 * Reads what was said since a time, from the database alone: any imsg that can read it will do, also over a copy.
 * @param since milliseconds since the epoch
 * @param timeoutMs of each read
 * @throws BridgeError
 */
export async function readHistory(command: ImsgCommand, since: number, timeoutMs: number): Promise<History> {
  const client = new ImsgClient(command);
  const options = { timeoutMs, graceMs: 0 };
  try {
    const listed = await client.call("chats.list", { limit: mostChats }, options);
    const chats = listed.chats.flatMap((item) => parsedOf(parseChat(item)));
    const active = chats.filter(({ lastMessageAt = since }) => lastMessageAt >= since);
    const rows: MessageRow[] = [];
    const start = new Date(since).toISOString();
    const work = active.values();
    const worker = async () => {
      for (const { id } of work) {
        const params = { chat_id: id, limit: mostRows, start, attachments: true };
        const { messages } = await client.call("messages.history", params, options);
        for (const message of messages) rows.push(...parsedOf(parseMessage(message)));
      }
    };
    await Promise.all(Array.from({ length: width }, worker));
    return { chats, rows: rows.sort((one, other) => one.rowId - other.rowId) };
  } finally {
    await client.close();
  }
}

function parsedOf<T>(parsed: { ok: true; value: T } | { ok: false }): T[] {
  return parsed.ok ? [parsed.value] : [];
}
