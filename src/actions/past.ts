import type { Bridge } from "../bridge/index.js";
import type { MessageRow } from "../conversation/index.js";

/** Rows of a chat that are looked through for one message. */
const looked = 200;

/**
 * Looks a message up in its chat, for what is older than the journal or was sent a moment ago.
 * @param chatId row of the chat
 * @returns undefined when it is not among the newest, or Messages cannot be asked
 */
export async function rowInChat(
  guid: string,
  bridge: Bridge,
  chatId: number,
): Promise<MessageRow | undefined> {
  if (chatId <= 0) return undefined;
  const rows = await bridge.history({ chatId, limit: looked }).catch(() => []);
  return rows.find((row) => row.guid === guid);
}
