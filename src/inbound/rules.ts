import type { Policy } from "../access/index.js";
import type { MessageRow } from "../conversation/index.js";

/** Where a message is answered. */
export interface Place {
  agentId: string;
  sessionKey: string;
  /** The agent's prompt and the group's, joined; absent when there is none. */
  systemPrompt?: string;
}

/** What the configuration says about one account now; asked anew for each message, so that a change is live. */
export interface AccountRules {
  policy: Policy;
  /** Where a message belongs: its agent, its session, and the prompt that holds there. */
  placeOf(row: MessageRow): Place;
  /** Unanswered group messages given as context, at most. */
  historyLimit: number;
  /** How long to wait for more of the same person in a direct chat, milliseconds; 0 waits not at all (behaviour 9.3). */
  coalesceMs: number;
  /** How long the agent keeps quiet in a chat after the account's human wrote there, milliseconds (behaviour 10.4). */
  quietMs: number;
  /** Who is told of messages that came too late to be answered (behaviour 9.5). */
  missedSummary: "owner" | "agent" | "off";
}
