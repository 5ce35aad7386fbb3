import { type Chat, hasSeveralPeople, nameIn } from "./chat.js";
import { normalizeHandle } from "./handle.js";
import type { Target } from "./target.js";

/** Whether what is sent to a target that names no chat's number may land in this chat (protocol reference 9.3). */
export function mayBeOf(chat: Chat, target: Exclude<Target, { kind: "chat_id" }>): boolean {
  if (target.kind === "handle")
    return !hasSeveralPeople(chat) && normalizeHandle(chat.identifier) === target.handle;
  // imsg takes other forms of a GUID for the same chat, and its bare end: what follows the last semicolon decides.
  const wanted = nameIn(target.kind === "chat_guid" ? target.guid : target.identifier);
  return nameIn(chat.guid) === wanted || nameIn(chat.identifier) === wanted;
}
