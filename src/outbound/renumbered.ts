import { type Chat, formatTarget, nameIn, namesSameChat } from "../conversation/index.js";
import type { OutboxItem, Store } from "../store/index.js";
import { type Addressed, isOfAgent, type Refused } from "./firewall.js";
import { listedChat } from "./listed-chat.js";

/**
 * Numbers of chats are those of one database: in another file, on a new or a restored Mac one may name somebody else, to
 * whom an old schedule or a late answer must not go (behaviour 10.3b). What a send was made for names the conversation that
 * is meant; the database that is read now, by a row of this connection or its list of chats, names the one that the number
 * has. What people at the command line name is theirs to know.
 * @param chats the chats that Messages knows, newest activity first; asked only where no row told
 * @param seenAs GUID of a chat as rows of this connection have it
 * @throws what `chats` throws
 */
export async function refuseRenumbered(
  item: Addressed & Pick<OutboxItem, "turnId" | "chatGuid">,
  store: Store,
  chats: (limit: number) => Promise<Chat[]>,
  seenAs: ((chatId: number) => string | undefined) | undefined,
): Promise<Refused | undefined> {
  const { target, chatKey } = item;
  if (target.kind !== "chat_id") return undefined;
  const meant = await nameMeant(item, target.chatId, store);
  if (meant === "") return undefined;
  const today = seenAs?.(target.chatId) ?? (await listedName(target.chatId, chats));
  if (today !== undefined && namesSameChat(meant, nameIn(today))) return undefined;
  return {
    code: "RECIPIENT_REFUSED",
    message: `${chatKey} is another conversation since the Messages database was replaced`,
  };
}

/**
 * The conversation that a send to a chat's number was made for, which the number may not name any more.
 * @param chatId that of its target
 * @returns its GUID or identifier without the service; empty where nothing tells
 */
export async function nameMeant(
  { target, account, origin, turnId, chatGuid }: Parameters<typeof refuseRenumbered>[0],
  chatId: number,
  store: Store,
): Promise<string> {
  if (chatGuid) return nameIn(chatGuid);
  const turn = turnId === undefined ? undefined : await store.turns.get(turnId);
  const { guid = "", identifier = "" } = turn?.envelope.chat ?? {};
  if (turn && guid + identifier !== "" && formatTarget(turn.target) === formatTarget(target))
    return nameIn(guid || identifier);
  if (!isOfAgent(origin)) return "";
  const last = await store.journal.lastWritten(account, { chatId });
  return nameIn(last?.row.chat.guid ?? "");
}

/** @returns undefined for a chat that Messages does not list: one in which nobody wrote, or none */
async function listedName(
  chatId: number,
  chats: (limit: number) => Promise<Chat[]>,
): Promise<string | undefined> {
  const chat = await listedChat(chatId, chats);
  return chat && (chat.guid || chat.identifier);
}
