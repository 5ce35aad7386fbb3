import type { Policy } from "../access/index.js";
import type { MessageRow } from "../conversation/index.js";
import type { ChatBinding } from "../store/index.js";

/** Where a message is answered. */
export interface SessionAssignment {
  agentId: string;
  sessionKey: string;
  /** The agent's prompt and the group's, joined; absent when there is none. */
  systemPrompt?: string;
}

/** What the configuration says now about the turns of one account. */
export interface TurnRules {
  policy: Policy;
  /**
   * Where a message belongs: its agent, its session, and the prompt that holds there.
   * @param bound the session that its conversation was bound to from the chat; it wins over the configuration
   */
  sessionOf(row: MessageRow, bound: ChatBinding | undefined): SessionAssignment;
  /** Unanswered group messages given as context, at most. */
  historyLimit: number;
  /** Who is told of messages that came too late to be answered (behaviour 9.5). */
  missedSummary: "owner" | "agent" | "off";
  /** What becomes of messages that arrive during a turn (behaviour 5.4). */
  queueMode: "followup" | "collect" | "interrupt" | "steer";
  /** Whether turns or tokens of a person are counted against a limit (behaviour 18.3b). */
  isLimited(handle: string): boolean;
  /** How many earlier messages of the chat seed a new session with this person. */
  seedLimitOf(handle: string): number;
}
