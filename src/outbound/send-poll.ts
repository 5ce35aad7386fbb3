import type { Bridge } from "../bridge/index.js";
import { hasSeveralPeople, normalizeHandle } from "../conversation/index.js";
import type { OutboxItem, SendOutcome } from "../store/index.js";

/** More chats than one list gives in time (protocol reference 5.1). */
const mostChats = 1000;

/**
 * Asks by a poll, where the Mac has polls and knows the chat with that person over iMessage. Whatever else comes of it, the text
 * asks the same: a question that is put twice does no harm, one that nobody sees does.
 * @returns undefined where the text has to ask
 */
export async function sendPoll(
  { target }: Pick<OutboxItem, "target">,
  { question, options }: NonNullable<OutboxItem["poll"]>,
  bridge: Pick<Bridge, "actions" | "chats">,
): Promise<SendOutcome | undefined> {
  if (target.kind !== "handle") return undefined;
  const support = await bridge.actions.support("poll").catch(() => undefined);
  if (!support?.supported) return undefined;
  const chats = await bridge.chats(mostChats).catch(() => []);
  const chat = chats.find(
    (one) =>
      !hasSeveralPeople(one) &&
      normalizeHandle(one.identifier) === target.handle &&
      !/^(?:sms|rcs)$/i.test(one.service ?? "") &&
      !/^(?:sms|rcs);/i.test(one.guid),
  );
  if (!chat) return undefined;
  const done = await bridge.actions.act("poll", { id: chat.id, guid: chat.guid }, { question, options });
  const guid = done.state === "done" ? done.facts.guid : undefined;
  return guid === undefined ? undefined : { state: "stored", guid };
}
