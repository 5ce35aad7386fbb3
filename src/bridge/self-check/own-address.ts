import type { MacAccess } from "../mac.js";

/** Chats that are looked at, the newest ones, and rows of each. */
const chatsRead = 10;
const rowsRead = 5;

/**
 * Finds an address of the account: where the newest messages of its chats were sent to; else what the list of chats, or at
 * last `imsg account`, names as its own, for an account that never received anything.
 * @param timeoutMs of each question to the Mac
 * @returns undefined when nothing tells
 */
export async function findOwnAddress(
  mac: Pick<MacAccess, "look" | "addresses">,
  timeoutMs: number,
): Promise<string | undefined> {
  return (await fromDatabase(mac, timeoutMs)) ?? (await mac.addresses(timeoutMs))[0];
}

/** @returns undefined also when the database cannot be read */
async function fromDatabase(mac: Pick<MacAccess, "look">, timeoutMs: number): Promise<string | undefined> {
  try {
    return await mac.look(async (reader) => {
      const chats = await reader.chats(chatsRead);
      for (const { id } of chats) {
        const rows = await reader.history({ chatId: id, limit: rowsRead });
        const told = rows.find(({ destination }) => destination);
        if (told) return told.destination;
      }
      return chats.flatMap(({ ownAddresses = [] }) => ownAddresses)[0];
    }, timeoutMs);
  } catch {
    return undefined;
  }
}
