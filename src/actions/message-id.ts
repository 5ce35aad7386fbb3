import { type ErrorCode, err, ok, type Result, TapbackError } from "../platform/index.js";
import type { Store } from "../store/index.js";

/** How long a short id stays good, milliseconds: a week of chat. Long enough for a thread, short enough to stay unique. */
const recentMs = 7 * 24 * 3600_000;

/** A message that an action is about. */
export interface NamedMessage {
  guid: string;
  /** Whether it is our own; undefined where nothing here knows it. */
  fromMe: boolean | undefined;
  /** Whether it is known to be of the chat that the action is in; false where nothing here can tell. */
  isOfChat: boolean;
}

/**
 * Finds a message by `MessageSid`, the number of its journal entry in base 36, or by `MessageSidFull`, its GUID
 * (behaviour 11.2). A short id holds in its own chat and account alone.
 * @param chatId row of the chat that the action is in; 0 when it is not known
 * @param at milliseconds since the epoch
 * @returns the message, or `MESSAGE_ID_UNKNOWN`, `MESSAGE_ID_FOREIGN`
 */
export async function findMessage(
  given: string,
  store: Store,
  account: string,
  chatId: number,
  at: number,
): Promise<Result<NamedMessage, TapbackError>> {
  const id = given.trim().replace(/^(p:\d+\/|bp:)/, "");
  if (!/^[0-9a-z]{1,10}$/i.test(id)) return findFull(id, store, account, chatId);
  const entry = await store.journal.get(Number.parseInt(id, 36));
  if (!entry || entry.account !== account || !entry.row.guid || at - entry.receivedAt > recentMs)
    return err(askForFull("MESSAGE_ID_UNKNOWN", `the short message id ${id} is not known (any more)`));
  if (chatId > 0 && entry.row.chat.id !== chatId)
    return err(
      askForFull("MESSAGE_ID_FOREIGN", `the short message id ${id} belongs to another conversation`),
    );
  return ok({ guid: entry.row.guid, fromMe: entry.row.fromMe, isOfChat: isOf(entry.row.chat.id, chatId) });
}

async function findFull(
  guid: string,
  store: Store,
  account: string,
  chatId: number,
): Promise<Result<NamedMessage, TapbackError>> {
  const entry = await store.journal.findByGuid(guid, account);
  const sent = entry ? undefined : await store.outbox.findSent(account, { guid, rowId: -1 });
  // A send to a handle does not tell in which chat it arrived.
  const itsChat = entry?.row.chat.id ?? (sent?.target.kind === "chat_id" ? sent.target.chatId : 0);
  if (chatId > 0 && itsChat > 0 && itsChat !== chatId)
    return err(
      new TapbackError("MESSAGE_ID_FOREIGN", "this message belongs to another conversation", {
        hint: "Name the conversation that the message is in.",
      }),
    );
  return ok({ guid, fromMe: entry?.row.fromMe ?? (sent && true), isOfChat: isOf(itsChat, chatId) });
}

function isOf(itsChat: number, chatId: number): boolean {
  return chatId > 0 && itsChat === chatId;
}

function askForFull(code: ErrorCode, message: string): TapbackError {
  return new TapbackError(code, message, {
    hint: "Give MessageSidFull, the message's GUID.",
  });
}
