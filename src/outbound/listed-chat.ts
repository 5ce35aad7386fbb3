import type { Chat } from "../conversation/index.js";

/** More chats than one list gives in time (protocol reference 5.1). */
const mostChats = 1000;

/**
 * Looks a chat up by its number.
 * @param chats the chats that Messages knows, newest activity first
 * @throws what `chats` throws
 */
export async function listedChat(
  chatId: number,
  chats: (limit: number) => Promise<Chat[]>,
): Promise<Chat | undefined> {
  return (await listedChats(chats)).find(({ id }) => id === chatId);
}

/** Every chat that one list gives. @throws what `chats` throws */
export function listedChats(chats: (limit: number) => Promise<Chat[]>): Promise<Chat[]> {
  return chats(mostChats);
}
