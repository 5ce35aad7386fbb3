import { type Chat, nameIn } from "../conversation/index.js";
import type { Store } from "../store/index.js";
import { type Addressed, isOfAgent, type Refused } from "./firewall.js";
import { listedChat } from "./listed-chat.js";

/** A chat that was let in so lately still has its number: no Mac is replaced faster, milliseconds. */
const trustedMs = 15 * 60_000;

/**
 * Numbers of chats are those of one database: on a new or restored Mac one may name somebody else, to whom an old
 * schedule or a late answer must not go (behaviour 10.3). What people at the command line name is theirs to know.
 * @param now milliseconds since the epoch
 * @param chats the chats that Messages knows, newest activity first; asked only where the chat was silent for a while
 * @throws what `chats` throws
 */
export async function refuseRenumbered(
  { target, account, origin, chatKey }: Addressed,
  store: Store,
  now: number,
  chats: (limit: number) => Promise<Chat[]>,
): Promise<Refused | undefined> {
  if (target.kind !== "chat_id" || !isOfAgent(origin)) return undefined;
  const { chatId } = target;
  const last = await store.journal.lastWritten(account, { chatId });
  if (!last || now - last.receivedAt <= trustedMs) return undefined;
  const chat = await listedChat(chatId, chats);
  const [before, today] = [nameIn(last.row.chat.guid), nameIn(chat?.guid ?? "")];
  if (before === "" || today === "" || before === today) return undefined;
  return {
    code: "RECIPIENT_REFUSED",
    message: `${chatKey} is another conversation since the Messages database was replaced`,
  };
}
