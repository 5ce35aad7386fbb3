import { isGroupish, type Policy } from "../access/index.js";
import { type Bridge, type ChatRef, chatRefOf } from "../bridge/index.js";
import {
  type Chat,
  formatTarget,
  hasSeveralPeople,
  namesSameChat,
  normalizeHandle,
  parseTarget,
  type Target,
} from "../conversation/index.js";
import { err, ok, type Result, TapbackError } from "../platform/index.js";
import { isNothing, targetForms } from "./rows/index.js";

/** More chats than one list gives in time (protocol reference 5.1). */
const mostChats = 1000;

/** Where an action happens. */
export interface Conversation {
  /** The chat's row where it is known: what the firewall and the outbox go by. */
  target: Target;
  /** Absent for a person without a conversation yet. */
  chat?: ChatRef;
  isGroup: boolean;
  /** The person of a direct chat, as the list of chats names them. */
  handle?: string;
  /** As Messages names the chat: the person of a direct one, `chat…` of a group; absent where it is not known. */
  identifier?: string;
}

/**
 * Reads which conversations the parameters name, by `chatId`, `chatGuid`, `chatIdentifier`, `to` and `target`.
 * @returns them all, the first being the one that is meant, or `TARGET_INVALID`
 */
export function targetsIn(
  parameters: Record<string, unknown>,
  region: string,
): Result<Target[], TapbackError> {
  const named: Target[] = [];
  for (const [name, prefix] of Object.entries(targetForms)) {
    const value = parameters[name];
    if (isNothing(value)) continue;
    const text = String(value);
    const target = parseTarget(prefix === "" || /^chat_/i.test(text) ? text : prefix + text, region);
    if (!target.ok) return target;
    named.push(target.value);
  }
  return ok(named);
}

/** Whether a target names an actor's own conversation, in any form that the envelope showed it. */
export function isHome(home: Conversation | undefined, named: Target, region: string): boolean {
  if (home === undefined) return false;
  if (formatTarget(named) === formatTarget(home.target)) return true;
  const { chat = { id: 0, guid: "" }, identifier = "", isGroup } = home;
  return isChatOf({ ...chat, identifier, isGroup }, named, region);
}

/**
 * Finds the conversation of a target among the chats that Messages knows.
 * @param policy tells what is a group
 * @returns the conversation, `CHAT_NOT_FOUND` for a chat that is not there, or the bridge's error
 */
export async function findConversation(
  target: Target,
  bridge: Bridge,
  policy: Policy,
): Promise<Result<Conversation, TapbackError>> {
  let chats: Chat[];
  try {
    chats = await bridge.chats(mostChats);
  } catch (error) {
    if (error instanceof TapbackError) return err(error);
    throw error;
  }
  const candidates = chats.filter((candidate) =>
    isChatOf({ ...candidate, isGroup: isGroupish({ chat: candidate }, policy) }, target, policy.region),
  );
  // One that is named to the letter comes before one that is the same by `any`.
  const chat =
    candidates.find(({ guid }) => target.kind === "chat_guid" && guid === target.guid) ?? candidates[0];
  if (chat) {
    const isGroup = isGroupish({ chat }, policy);
    return ok({
      target: { kind: "chat_id", chatId: chat.id },
      chat: { id: chat.id, guid: chat.guid },
      isGroup,
      identifier: chat.identifier,
      ...(!isGroup && { handle: chat.identifier }),
    });
  }
  if (target.kind === "handle") return ok({ target, isGroup: false });
  // A chat without messages is in no list; Messages may know it all the same.
  if (target.kind === "chat_guid")
    return ok({
      target,
      chat: chatRefOf(target),
      isGroup: hasSeveralPeople({ guid: target.guid, identifier: "", participants: [], isGroup: false }),
    });
  return err(
    new TapbackError("CHAT_NOT_FOUND", `Messages does not know this conversation`, {
      hint: "List the conversations with `imsg chats`, and use their chat_id.",
    }),
  );
}

function isChatOf(
  chat: Pick<Chat, "id" | "guid" | "identifier" | "isGroup" | "service">,
  target: Target,
  region: string,
): boolean {
  switch (target.kind) {
    case "chat_id":
      return chat.id === target.chatId;
    case "chat_guid":
      return namesSameChat(chat.guid, target.guid, region);
    case "chat_identifier":
      return namesSameChat(
        target.identifier.includes(";") ? chat.guid : chat.identifier,
        target.identifier,
        region,
      );
    case "handle":
      return (
        !chat.isGroup &&
        normalizeHandle(chat.identifier, region) === target.handle &&
        (target.service === "auto" || chat.service === undefined || isOver(chat.service, target.service))
      );
  }
}

function isOver(service: string, wanted: "imessage" | "sms"): boolean {
  return wanted === "sms" ? /^(sms|rcs)$/i.test(service) : /^imessage/i.test(service);
}
