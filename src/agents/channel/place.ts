import { type Chat, type Envelope, mayBeOf, normalizeHandle, type Target } from "../../conversation/index.js";

/** What a session is attached to: a conversation of an agent, or all of them where the owner lets chats mix. */
export interface ChannelPlace {
  agentId: string;
  account: string;
  /** Absent: all conversations of the agent, on all accounts. */
  chat?: Target;
}

/** A conversation, and who writes in it. */
export interface Served {
  agentId: string;
  account: string;
  chat: Chat;
  /** In any spelling. */
  handle: string;
}

/** The conversation of a turn. */
export function servedBy({ agentId, accountId, chat, sender }: Envelope): Served {
  return { agentId, account: accountId, chat: { ...chat, id: chat.chatId }, handle: sender.handle };
}

/** Whether a conversation belongs to a place. A person is meant in direct chats alone, over whatever service. */
export function covers({ agentId, account, chat: wanted }: ChannelPlace, served: Served): boolean {
  if (agentId !== served.agentId) return false;
  if (wanted === undefined) return true;
  if (account !== served.account) return false;
  const { chat, handle } = served;
  if (wanted.kind === "chat_id") return chat.id === wanted.chatId;
  if (wanted.kind === "handle") return !chat.isGroup && normalizeHandle(handle) === wanted.handle;
  return mayBeOf(chat, wanted);
}

/** Whether two places surely have a conversation in common; one chat can be named in several ways, which shows with its turn. */
export function overlap(one: ChannelPlace, other: ChannelPlace): boolean {
  if (one.agentId !== other.agentId) return false;
  if (one.chat === undefined || other.chat === undefined) return true;
  return one.account === other.account && JSON.stringify(one.chat) === JSON.stringify(other.chat);
}
