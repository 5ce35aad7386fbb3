import type { MacAccess } from "../mac.js";

/** Chats that are looked at, the newest ones, and rows of each. */
const chatsRead = 10;
const rowsRead = 5;

/**
 * Finds an address of the account: where the newest messages of its chats were sent to.
 * @param timeoutMs of each question to the Mac
 * @returns undefined when the Mac cannot be asked, or no message tells
 */
export async function findOwnAddress(
  mac: Pick<MacAccess, "look">,
  timeoutMs: number,
): Promise<string | undefined> {
  try {
    return await mac.look(async (reader) => {
      for (const { id } of await reader.chats(chatsRead)) {
        const rows = await reader.history({ chatId: id, limit: rowsRead });
        const told = rows.find(({ destination }) => destination);
        if (told) return told.destination;
      }
      return undefined;
    }, timeoutMs);
  } catch {
    return undefined;
  }
}
