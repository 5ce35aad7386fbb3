import type { Chat, Target } from "../conversation/index.js";
import type { Store, Turn } from "../store/index.js";

/** What was written to a conversation or is to be, as far as it tells which one that is. */
export interface Written {
  target: Target;
  chatGuid?: string | undefined;
  turnId?: string | undefined;
  /** The row that it answers without a turn. */
  entryId?: number | undefined;
  /** Of its own row. */
  guid?: string | undefined;
}

type Named = Pick<Chat, "id" | "guid" | "identifier">;

/** Where a turn was asked, as chats are told apart. */
export function chatOfTurn({ envelope: { chat } }: Turn): Named {
  return { ...chat, id: chat.chatId };
}

/** @returns what the chat is called whose number a target is; undefined where none of these tells */
export function meantAmong(target: Target, chats: readonly Named[]): string | undefined {
  if (target.kind !== "chat_id") return undefined;
  const names = chats.flatMap(({ id, guid, identifier }) =>
    id === target.chatId ? [guid || identifier] : [],
  );
  return names.find((name) => name);
}

/**
 * What the chat is called that a number stood for when something was written there: a number is that of one database, and names
 * somebody else in the next (behaviour 10.3b). Its turn tells, the row that it answers, or its own.
 */
export async function meantChat(
  account: string,
  { target, chatGuid, turnId, entryId, guid }: Written,
  { turns, journal }: Pick<Store, "turns" | "journal">,
): Promise<string | undefined> {
  if (chatGuid || target.kind !== "chat_id") return chatGuid;
  const turn = turnId === undefined ? undefined : await turns.get(turnId);
  const entries = [
    ...(turnId === undefined ? [] : await journal.ofTurn(turnId)),
    entryId === undefined ? undefined : await journal.get(entryId),
    guid === undefined ? undefined : await journal.findByGuid(guid, account),
  ];
  const rows = entries.flatMap((entry) => (entry ? [entry.row.chat] : []));
  return meantAmong(target, [...(turn ? [chatOfTurn(turn)] : []), ...rows]);
}
