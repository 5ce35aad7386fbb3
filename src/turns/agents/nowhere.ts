import type { AgentTurn } from "../../agents/index.js";
import type { Envelope } from "../../conversation/index.js";
import { err, TapbackError } from "../../platform/index.js";

/**
 * A turn without a conversation, for an agent that is tried: nothing can be sent, scheduled or looked up.
 * @param zone IANA time zone of the times of day that people name
 */
export function turnNowhere(envelope: Envelope, zone: string): AgentTurn {
  const nowhere = new TapbackError("ACTION_UNAVAILABLE", "there is no conversation");
  return {
    envelope,
    attempt: 1,
    session: undefined,
    rights: { mayUse: () => true, key: "" },
    message: { act: async () => err(nowhere), offered: () => [], begun: async () => [] },
    schedule: {
      add: async () => {
        throw nowhere;
      },
      list: async () => [],
      cancel: async () => false,
    },
    ask: {
      ask: async () => {
        throw nowhere;
      },
    },
    now: () => Date.now(),
    zone,
  };
}

/** What the owner says in no conversation. @param systemPrompt the agent's own */
export function envelopeNowhere(
  { agentId, sessionKey, turnId }: Pick<Envelope, "agentId" | "sessionKey" | "turnId">,
  text: string,
  systemPrompt?: string,
): Envelope {
  const sentAt = new Date().toISOString();
  return {
    version: 1,
    turnId,
    sessionKey,
    agentId,
    channel: "imessage",
    accountId: "try",
    chat: { target: "", chatId: 0, guid: "", identifier: "", name: "", isGroup: false, participants: [] },
    sender: { handle: "you", isOwner: true },
    messages: [{ guid: "", rowId: 0, text, sentAt, attachments: [] }],
    coalescedMessageGuids: [],
    context: [],
    notes: [],
    systemPrompt,
    text,
  };
}
