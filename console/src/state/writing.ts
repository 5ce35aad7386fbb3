import type { Chat } from "./answers.js";

/**
 * How what is done in a conversation names it. Its number is that of one Messages database and another conversation's in the next
 * (behaviour 10.3b), and who reads the page means whom it shows.
 */
export function addressOf({ chat, guid }: Pick<Chat, "chat" | "guid">): string {
  return guid === "" ? chat : `chat_guid:${guid}`;
}
