import { ImsgClient, type ImsgCommand, parseMessage } from "../../bridge/index.js";

/** Chats that are looked at, the newest ones, and rows of each. */
const chatsRead = 10;
const rowsRead = 5;

/**
 * Finds an address of the account: where the newest messages of its chats were sent to.
 * @param timeoutMs of each question to imsg
 * @returns undefined when imsg cannot be asked, or no message tells
 */
export async function findOwnAddress(command: ImsgCommand, timeoutMs: number): Promise<string | undefined> {
  const client = new ImsgClient(command);
  const options = { timeoutMs, graceMs: 0 };
  try {
    const { chats } = await client.call("chats.list", { limit: chatsRead }, options);
    for (const { id } of chats) {
      const { messages } = await client.call("messages.history", { chat_id: id, limit: rowsRead }, options);
      for (const message of messages) {
        const row = parseMessage(message);
        if (row.ok && row.value.destination) return row.value.destination;
      }
    }
    return undefined;
  } catch {
    return undefined;
  } finally {
    await client.close();
  }
}
