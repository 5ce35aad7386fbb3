import { coversTarget, parseTarget, type Target } from "../conversation/index.js";
import type { KeptEvent } from "../store/index.js";

/**
 * Whether an event is of one of these conversations. What tells of none is of none; so is what cannot be read as a target.
 * @param chats targets as people write them; absent: all are
 */
export function isInChats(event: KeptEvent, chats: readonly string[] | undefined): boolean {
  if (chats === undefined) return true;
  const allowed = chats.flatMap((text) => {
    const target = parseTarget(text);
    return target.ok ? [target.value] : [];
  });
  return namesOf(event).some((name) => allowed.some((target) => coversTarget(target, name)));
}

/** All targets that name an event's conversation. A person is one only of the conversation with that person alone. */
function namesOf(event: KeptEvent): Target[] {
  const names = [keyTarget(event.chat)];
  if (event.type === "message" || event.type === "decision") {
    const chat = event.about?.row.chat;
    // A row whose chat is not known is of no conversation, not of its sender's own.
    if (chat === undefined || chat.id <= 0) return [];
    names.push(...chatTargets(chat.guid, chat.identifier));
  }
  if (event.type === "turn") {
    const chat = event.about?.envelope.chat;
    names.push(...chatTargets(chat?.guid, chat?.identifier));
  }
  if (event.type === "sent" || event.type === "draft") names.push(event.about?.target);
  return names.flatMap((name) => name ?? []);
}

function keyTarget(key: string | undefined): Target | undefined {
  if (key === undefined) return undefined;
  const target = parseTarget(key.replace(/^chat:/, "chat_id:").replace(/^handle:/, ""));
  return target.ok ? target.value : undefined;
}

/** The identifier of a direct chat is its person. */
function chatTargets(guid: string | undefined, identifier: string | undefined): (Target | undefined)[] {
  return [
    ...(guid ? [{ kind: "chat_guid" as const, guid }] : []),
    ...(identifier
      ? [{ kind: "chat_identifier" as const, identifier }, keyTarget(`handle:${identifier}`)]
      : []),
  ];
}
