import type { Chat } from "../conversation/index.js";
import { err, ok, type Result } from "../platform/index.js";
import type { Store } from "../store/index.js";
import { type Addressed, personAt, type Refused } from "./firewall.js";
import { listedChat } from "./listed-chat.js";

/**
 * Finds out who reads a direct chat that nobody wrote in yet, where that decides whether a person at the command line may
 * write there: somebody said STOP, and it may be the one (behaviour 3.7). Costs nothing otherwise.
 * @param chats the chats that Messages knows, newest activity first
 * @returns what the firewall can judge, or a refusal when nobody can tell
 * @throws what `chats` throws
 */
export async function withReader<Item extends Addressed>(
  item: Item,
  store: Store,
  chats: (limit: number) => Promise<Chat[]>,
): Promise<Result<Item, Refused>> {
  const { target, account, origin } = item;
  if (origin !== "person" || target.kind !== "chat_id" || item.handle !== undefined) return ok(item);
  if (personAt(item, store) !== undefined || store.pairing.optedOut(account).length === 0) return ok(item);
  const chat = await listedChat(target.chatId, chats);
  if (chat) return ok(chat.isGroup ? item : { ...item, handle: chat.identifier });
  return err({
    code: "RECIPIENT_REFUSED",
    message: `Messages does not list ${item.chatKey}, and somebody said STOP: nobody can tell whether it is theirs`,
  });
}
