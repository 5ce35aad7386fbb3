import { type Chat, hasSeveralPeople, nameIn, namesSameChat, serviceOf } from "./chat.js";
import { normalizeHandle } from "./handle.js";
import type { SendService, Target } from "./target.js";

/** Whether what is sent to a target that names no chat's number may land in this chat (protocol reference 9.3). */
export function mayBeOf(chat: Chat, target: Exclude<Target, { kind: "chat_id" }>): boolean {
  if (target.kind === "handle")
    return !hasSeveralPeople(chat) && normalizeHandle(chat.identifier) === target.handle;
  // imsg takes other forms of a GUID for the same chat, and its bare end: what follows the last semicolon decides.
  const wanted = nameIn(target.kind === "chat_guid" ? target.guid : target.identifier);
  return nameIn(chat.guid) === wanted || nameIn(chat.identifier) === wanted;
}

/**
 * Whether a target names this chat; a person is the conversation with that person alone.
 * @param region for numbers without `+`
 */
export function isChatNamed(chat: Chat, target: Target, region: string): boolean {
  switch (target.kind) {
    case "chat_id":
      return chat.id === target.chatId;
    case "chat_guid":
      return namesSameChat(chat.guid || chat.identifier, target.guid, region);
    case "chat_identifier": {
      const { identifier } = target;
      return namesSameChat(identifier.includes(";") ? chat.guid : chat.identifier, identifier, region);
    }
    case "handle":
      return (
        !hasSeveralPeople(chat) &&
        normalizeHandle(chat.identifier, region) === target.handle &&
        isOver(chat, target.service)
      );
  }
}

function isOver(chat: Chat, wanted: SendService): boolean {
  if (wanted === "auto") return true;
  const service = serviceOf(chat);
  return wanted === "sms" ? service === "sms" || service === "rcs" : service === "imessage";
}
