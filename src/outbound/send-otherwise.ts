import {
  type Bridge,
  BridgeError,
  type ChatRef,
  chatRefOf,
  type MacAction,
  notBegun,
} from "../bridge/index.js";
import type { OutboxAct, OutboxItem, SendOutcome } from "../store/index.js";
import { chatOver, sendPoll } from "./send-poll.js";
import { withHint } from "./send-request.js";

/** What is said of an act whose outcome nobody knows: it is never repeated (behaviour 10.1). */
export const actInDoubt: SendOutcome = {
  state: "unknown",
  error: {
    code: "OUTCOME_UNKNOWN",
    message: "it was begun and may have happened; nothing tells afterwards, and it was not repeated",
  },
};

/**
 * Sends what goes in the place of a message, by one call of the bridge: an act, once, or a poll where the Mac has polls.
 * @returns what came of it; the error where it surely did not happen and may be tried again; "doubt" where that has to be
 * looked up; undefined for a message
 */
export async function sendOtherwise(
  item: Pick<OutboxItem, "target" | "chatGuid" | "act" | "poll" | "inDoubt">,
  bridge: Pick<Bridge, "actions" | "chats">,
): Promise<SendOutcome | BridgeError | "doubt" | undefined> {
  if (item.act) return carryOut(item.act, item, bridge);
  return item.poll && sendPoll(item, item.poll, bridge);
}

async function carryOut(
  { name, parameters }: OutboxAct,
  item: Pick<OutboxItem, "target" | "chatGuid">,
  bridge: Pick<Bridge, "actions" | "chats">,
): Promise<SendOutcome | BridgeError> {
  const chat = await chatOf(item, bridge);
  if (chat instanceof BridgeError) return endOf(chat);
  if (!chat)
    return {
      state: "not_sent",
      error: { code: "CHAT_NOT_FOUND", message: "there is no conversation with this person yet" },
    };
  // It was planned from the parameters of this very call, and kept as plain data since.
  const outcome = await bridge.actions.act(name as MacAction, chat, parameters as never);
  switch (outcome.state) {
    case "done":
      return { state: "stored", ...(outcome.facts.guid !== undefined && { guid: outcome.facts.guid }) };
    case "unsupported":
      return { state: "not_sent", error: { code: "ACTION_UNAVAILABLE", message: outcome.why } };
    case "failed":
      return endOf(outcome.error);
  }
}

function endOf(error: BridgeError): SendOutcome | BridgeError {
  if (error.disposition === "unknown") return actInDoubt;
  return error.retryable
    ? error
    : { state: "not_sent", error: { code: error.code, message: withHint(error) } };
}

/** @returns the error where Messages cannot be asked which chat it is: nothing happened */
async function chatOf(
  { target, chatGuid = "" }: Pick<OutboxItem, "target" | "chatGuid">,
  bridge: Pick<Bridge, "chats">,
): Promise<ChatRef | BridgeError | undefined> {
  if (target.kind === "chat_id") return { id: target.chatId, guid: chatGuid };
  if (target.kind !== "handle") return chatRefOf(target);
  try {
    return await chatOver(target, bridge);
  } catch (error) {
    if (!(error instanceof BridgeError)) throw error;
    return notBegun(error);
  }
}
