import { ImsgClient, type ImsgCommand, parseChat } from "../../bridge/index.js";
import type { Chat } from "../../conversation/index.js";

/**
 * Reads the list of chats without a gateway, through an imsg of its own.
 * @param limit how many, newest activity first
 * @throws BridgeError
 */
export async function readChats(command: ImsgCommand, limit: number): Promise<Chat[]> {
  const client = new ImsgClient(command);
  try {
    const { chats } = await client.call("chats.list", { limit }, { graceMs: 0 });
    return chats.flatMap((item) => {
      const parsed = parseChat(item);
      return parsed.ok ? [parsed.value] : [];
    });
  } finally {
    await client.close();
  }
}
