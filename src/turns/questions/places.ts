import { normalizeHandle } from "../../conversation/index.js";
import { ownerNotices } from "../../outbound/index.js";
import type { NewOutboxItem, Turn } from "../../store/index.js";
import { questionWords } from "./text.js";

/** The question as a message into the turn's own conversation. */
export function inChat({ target, chatKey, envelope }: Turn, text: string): NewOutboxItem[] {
  const { guid } = envelope.chat;
  return [{ target, chatKey, origin: "turn", text, ...(guid && { chatGuid: guid }) }];
}

/** The question in the own chats of owners, with what it is about. @param owners in normal form */
export function toOwners({ envelope }: Turn, owners: readonly string[], text: string): NewOutboxItem[] {
  const { sender, chat } = envelope;
  const where = chat.isGroup ? chat.name || `chat_id:${chat.chatId}` : (sender.name ?? sender.handle);
  return ownerNotices(owners, questionWords.askedElsewhere(where, text));
}

/** Whether the turn's conversation is an owner's own chat. */
export function isOwnersChat({ envelope: { sender, chat } }: Turn): boolean {
  return sender.isOwner && !chat.isGroup;
}

/** Who wrote what a turn answers, in normal form (behaviour 18.2). */
export function directorsOf({ envelope }: Turn, region: string): string[] {
  const handles = [envelope.sender, ...envelope.messages.map(({ sender }) => sender)].map(
    (sender) => sender?.handle ?? "",
  );
  return [
    ...new Set(handles.filter((handle) => handle !== "").map((handle) => normalizeHandle(handle, region))),
  ];
}
