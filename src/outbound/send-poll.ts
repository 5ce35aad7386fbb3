import type { Bridge, ChatRef } from "../bridge/index.js";
import { hasSeveralPeople, type MessageRow, normalizeHandle, type Target } from "../conversation/index.js";
import type { OutboxItem, SendOutcome } from "../store/index.js";

/** More chats than one list gives in time (protocol reference 5.1). */
const mostChats = 1000;

/**
 * Asks by a poll, where the Mac has polls and knows the chat, or the one with that person, as one over iMessage. One whose
 * outcome was in doubt is not tried again: the text asks the same, and a question that is put twice does no harm, but one that
 * nobody sees does.
 * @returns undefined where the text has to ask; "doubt" where the poll may stand in the chat
 */
export async function sendPoll(
  { target, inDoubt }: Pick<OutboxItem, "target" | "inDoubt">,
  { question, options }: NonNullable<OutboxItem["poll"]>,
  bridge: Pick<Bridge, "actions" | "chats">,
): Promise<SendOutcome | "doubt" | undefined> {
  if ((target.kind !== "handle" && target.kind !== "chat_id") || inDoubt) return undefined;
  const support = await bridge.actions.support("poll").catch(() => undefined);
  if (!support?.supported) return undefined;
  const chat = await chatOver(target, bridge).catch(() => undefined);
  if (!chat) return undefined;
  const done = await bridge.actions.act("poll", chat, { question, options });
  if (done.state === "failed") return done.error.disposition === "unknown" ? "doubt" : undefined;
  if (done.state !== "done") return undefined;
  return done.facts.guid === undefined ? "doubt" : { state: "stored", guid: done.facts.guid };
}

/** @returns the chat of a target as Messages lists it, over iMessage; undefined where there is none */
export async function chatOver(
  target: Extract<Target, { kind: "chat_id" | "handle" }>,
  bridge: Pick<Bridge, "chats">,
): Promise<ChatRef | undefined> {
  const chat = (await bridge.chats(mostChats)).find(
    (one) =>
      (target.kind === "chat_id"
        ? one.id === target.chatId
        : !hasSeveralPeople(one) && normalizeHandle(one.identifier) === target.handle) &&
      !/^(?:sms|rcs)$/i.test(one.service ?? "") &&
      !/^(?:sms|rcs);/i.test(one.guid),
  );
  return chat && { id: chat.id, guid: chat.guid };
}

/** Whether a row shows a poll with this question (protocol reference 4.5). */
export function showsPoll({ poll }: Pick<MessageRow, "poll">, asked: string | undefined): boolean {
  return asked !== undefined && poll?.kind === "created" && poll.question === asked;
}
