import type { ChatService } from "../conversation/index.js";

/**
 * What is known about a message beside the message itself and the configuration, looked up by the caller beforehand.
 * Every fact may be left out: its absence means "not so" or "not known", and never admits anybody.
 */
export interface Facts {
  /** The agent that routing gave the message to; its mention patterns count (behaviour 4.4). */
  agentId?: string;
  /** The chat's service as a list of chats gave it; used where the chat's GUID does not tell (behaviour 3.5). */
  service?: ChatService;
  /** The sender was approved by pairing for this account. Counts in direct chats only (behaviour 3.4). */
  approved?: boolean;
  /**
   * State of the sender's pairing request: `pending` when a code was sent and is still valid, `full` when too many other
   * requests are pending. An expired request is `none`.
   */
  pairing?: "none" | "pending" | "full";
  /** Handles that the store knows as owners (first approval, enrolment), in any spelling. */
  owners?: readonly string[];
  /** Addresses of this account, for a self-chat whose rows lack their destination (protocol reference 9.5). */
  ownAddresses?: readonly string[];
  /** The row is something that the gateway sent, come back (behaviour 9.2). */
  echo?: boolean;
  /** Same chat, sender, send time and text as a row already handled, under a new GUID (behaviour 9.5). */
  reinserted?: boolean;
  /** The sender said STOP and has not said START since (behaviour 3.7). */
  optedOut?: boolean;
  /** The message was sent after the newest STOP: an older START does not end it. */
  afterStop?: boolean;
  /** The gateway has written to this sender before; such a person's STOP is confirmed whatever the lists say. */
  contacted?: boolean;
  /** The message answers, or the tapback is on, a message of ours; or it is in a thread in which we answered. */
  refersToOurs?: boolean;
  /** The text is exactly the phrase of an enrolment that is open (behaviour 3.6). */
  enrolment?: boolean;
  /**
   * The message answers what owners are asked: by a number, in reply to the question, as a tapback on it or a vote (behaviour
   * 6.5, 18.1), or by its name what others are asked.
   */
  answersQuestion?: boolean;
  /** The message answers what an agent asks its very sender (behaviour 18.2). */
  isAsked?: boolean;
  /** An owner wrote to this sender lately, by a draft whose yes was the approval of that one message (behaviour 10.3a). */
  answersOwner?: boolean;
  /** Milliseconds from sending to arrival, for rows of a live subscription only: the backlog fence of behaviour 9.5. */
  liveAgeMs?: number;
  /** How late rows come as a rule after a quiet time, milliseconds; undefined where they come in time (behaviour 9.5). */
  usualDelayMs?: number | undefined;
  /** The row was written while the gateway was down and catch-up is off (behaviour 9.4). */
  missedOffline?: boolean;
  /** The account's human wrote here lately, so the agent keeps quiet (behaviour 10.4). */
  hushed?: boolean;
  /** The loop guard holds this chat (behaviour 9.2). */
  looping?: boolean;
}
