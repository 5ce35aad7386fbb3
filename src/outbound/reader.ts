import { type Chat, hasSeveralPeople } from "../conversation/index.js";
import { err, ok, type Result } from "../platform/index.js";
import type { Store } from "../store/index.js";
import { type Addressed, isOfAgent, personAt, type Refused } from "./firewall.js";
import { listedChat } from "./listed-chat.js";

/**
 * Finds out who reads a direct chat that nobody wrote in yet, where that decides: a person at the command line may not
 * write to who said STOP (behaviour 3.7), and an agent may write to an owner or to who is approved (10.3). Costs nothing
 * otherwise.
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
  if (target.kind !== "chat_id" || item.handle !== undefined) return ok(item);
  const { chatId } = target;
  const isPeoples = origin === "person" || origin === "approved-draft";
  const decides = isPeoples
    ? (await store.pairing.optedOut(account)).length > 0 && (await personAt(item, store)) === undefined
    : isOfAgent(origin) && (await store.journal.lastWritten(account, { chatId })) === undefined;
  if (!decides) return ok(item);
  const chat = await listedChat(chatId, chats);
  if (chat) return ok(hasSeveralPeople(chat) ? item : { ...item, handle: chat.identifier });
  // The firewall lets an agent write to nobody whom nobody knows.
  if (!isPeoples) return ok(item);
  return err({
    code: "RECIPIENT_REFUSED",
    message: `Messages does not list ${item.chatKey}, and somebody said STOP: nobody can tell whether it is theirs`,
  });
}
