import { type Envelope, type MessageRow, nameIn, normalizeHandle } from "../conversation/index.js";
import type { ActionInConversation } from "../gateway/index.js";
import { TapbackError } from "../platform/index.js";

/** A conversation of an account: with a person, over whichever service, or a group. */
export interface TapbackThread {
  account: string;
  kind: "dm" | "group";
  /** The person's handle in normal form; the group's name in its GUID, or `chat_id:7` where it has none. */
  name: string;
}

/** The name of the adapter, which its ids begin with. */
export const adapterName = "tapback";

/** @returns `tapback:<account>:<dm or group>:<name in base64url>` */
export function encodeThread({ account, kind, name }: TapbackThread): string {
  return [adapterName, account, kind, Buffer.from(name).toString("base64url")].join(":");
}

/** @throws `TARGET_INVALID` for what is no id of a conversation */
export function decodeThread(threadId: string): TapbackThread {
  const [prefix, account, kind, encoded, ...more] = threadId.split(":");
  const name = Buffer.from(encoded ?? "", "base64url").toString();
  if (prefix !== adapterName || !account || !(kind === "dm" || kind === "group") || !name || more.length > 0)
    throw new TapbackError("TARGET_INVALID", `there is no conversation ${threadId}`);
  return { account, kind, name };
}

/** The conversation of a turn. */
export function threadOfTurn({ accountId, chat, sender }: Envelope): TapbackThread {
  const { chatId: id, guid, identifier } = chat;
  return threadOf(accountId, { id, guid, identifier }, chat.isGroup, sender.handle);
}

/** The conversation of a row of Messages. @param isGroup as it was judged */
export function threadOfRow(account: string, { chat, sender }: MessageRow, isGroup: boolean): TapbackThread {
  return threadOf(account, chat, isGroup, sender);
}

/** iMessage and SMS with one person are one conversation here, as they are to the gateway (behaviour 9.9). */
function threadOf(
  account: string,
  chat: Pick<MessageRow["chat"], "id" | "guid" | "identifier">,
  isGroup: boolean,
  sender: string,
): TapbackThread {
  const named = nameIn(chat.guid) || nameIn(chat.identifier);
  return isGroup
    ? { account, kind: "group", name: named || `chat_id:${chat.id}` }
    : { account, kind: "dm", name: normalizeHandle(named || sender) };
}

/** How the conversation is named to the gateway. */
export function whereIs({ account, kind, name }: TapbackThread): ActionInConversation {
  const isTarget = kind === "dm" || name.startsWith("chat_id:");
  return isTarget ? { account, to: name } : { account, chatIdentifier: name };
}
