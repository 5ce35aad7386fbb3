import {
  type Chat,
  handleKind,
  hasSeveralPeople,
  normalizeHandle,
  type Target,
} from "../../conversation/index.js";
import type { CallPath } from "./bridge-call.js";
import { parseChat } from "./parse-chat.js";

/** More chats than one list gives in time (protocol reference 5.1). */
const mostChats = 1000;

type Service = (Target & { kind: "handle" })["service"];

/**
 * Another name of the same conversation, for a send that Messages refused because it did not find the first one (-1728):
 * the one person of a direct chat over the service of the chat, a person's chat, a group under the other form of its GUID
 * (protocol reference 9.3, 9.10, 18).
 * @returns undefined where there is none, or nobody can tell
 */
export async function otherNameOf(path: CallPath, target: Target): Promise<Target | undefined> {
  const { chats } = await path.call("chats.list", { limit: mostChats });
  const known = chats.flatMap((wire) => {
    const chat = parseChat(wire);
    return chat.ok ? [chat.value] : [];
  });
  if (target.kind === "handle") {
    const chat = known.find((each) => isChatWith(each, target.handle, target.service));
    return chat && { kind: "chat_guid", guid: chat.guid };
  }
  const chat = known.find((each) => isNamed(each, target));
  if (chat === undefined) return undefined;
  if (hasSeveralPeople(chat)) return otherGuid(chat);
  const service = serviceOf(chat);
  const handle = normalizeHandle(chat.identifier);
  return isPerson(handle) && service ? { kind: "handle", handle, service } : undefined;
}

function isNamed(chat: Chat, target: Exclude<Target, { kind: "handle" }>): boolean {
  switch (target.kind) {
    case "chat_id":
      return chat.id === target.chatId;
    case "chat_guid":
      return chat.guid === target.guid;
    case "chat_identifier":
      return chat.identifier === target.identifier;
  }
}

function isChatWith(chat: Chat, handle: string, service: Service): boolean {
  const isSame = !hasSeveralPeople(chat) && isPerson(handle) && normalizeHandle(chat.identifier) === handle;
  return isSame && chat.guid !== "" && (service === "auto" || serviceOf(chat) === service);
}

function isPerson(handle: string): boolean {
  const kind = handleKind(handle);
  return kind === "phone" || kind === "email";
}

/** What a send to the person has to go over to be in the same chat; undefined for one that no script can name. */
function serviceOf({ guid, service }: Chat): Service | undefined {
  const name = (service ?? guid.split(";", 1)[0]!).toLowerCase();
  if (name.startsWith("imessage")) return "imessage";
  return name === "sms" ? "sms" : undefined;
}

/** macOS 26 calls a group `any;+;…` that was `iMessage;+;…` before, and the database may have either. */
function otherGuid({ guid }: Chat): Target | undefined {
  const [prefix, ...rest] = guid.split(";+;");
  if (rest.length !== 1) return undefined;
  return { kind: "chat_guid", guid: `${prefix === "any" ? "iMessage" : "any"};+;${rest[0]}` };
}
