import type { BridgeState } from "../bridge/index.js";
import type { Decision, MessageRow } from "../conversation/index.js";
import type { Arrival, JournalEntry, OutboxItem, SendOutcome, Turn, TurnEnd } from "../store/index.js";

/** A row of Messages was journaled that was not there before, whoever wrote it. */
export interface MessageEvent {
  type: "message";
  message: MessageRow;
  /** By which way it came. */
  arrival: Arrival;
}

/** It was decided what becomes of a row; told before it is carried out. */
export interface DecisionEvent {
  type: "decision";
  message: MessageRow;
  decision: Decision;
}

/** A turn began or ended. One that the gateway's end cut off has no end here: it begins again at the next start. */
export interface TurnEvent extends Pick<Turn, "agentId" | "sessionKey" | "attempt"> {
  type: "turn";
  state: "started" | TurnEnd["outcome"];
  turnId: string;
  /** GUIDs of the messages that it answers. */
  messages: string[];
  /** Why it failed. */
  error?: { code: string; message: string };
}

/** What became of something that was sent, for good as far as the outbox goes (behaviour 10.1). */
export interface SentEvent extends Pick<OutboxItem, "chatKey" | "origin" | "text" | "turnId" | "guid"> {
  type: "sent";
  /** Its number in the outbox. */
  id: number;
  /** When it was put there, milliseconds since the epoch. */
  queuedAt: number;
  state: "stored" | "delivered" | "not_sent" | "unknown";
  error?: { code: string; message: string };
}

/** An account's connection to Messages changed. */
export interface HealthEvent {
  type: "health";
  state: BridgeState;
  /** What made it so, where something went wrong. */
  error?: { code: string; message: string };
}

/** What happened in one account (behaviour 17.10b). */
export type AccountEvent = MessageEvent | DecisionEvent | TurnEvent | SentEvent | HealthEvent;

/** Whose event it is, and when it was told, milliseconds since the epoch. */
export interface Occasion {
  account: string;
  at: number;
}

/** Hears what happens, as it happens; must neither throw nor change what it is given. */
export type EventListener = (event: AccountEvent & Occasion) => void;

/** @param state `started`, or how it ended */
export function turnEvent(turn: Turn, state: TurnEvent["state"], error?: TurnEvent["error"]): TurnEvent {
  const { id: turnId, agentId, sessionKey, attempt, envelope } = turn;
  const messages = envelope.coalescedMessageGuids;
  const why = error && { error: { code: error.code, message: error.message } };
  return { type: "turn", state, turnId, agentId, sessionKey, attempt, messages, ...why };
}

/** @returns undefined for what is not the end of a send */
export function sentEvent(item: OutboxItem, outcome: SendOutcome): SentEvent | undefined {
  if (outcome.state === "retry" || outcome.state === "accepted") return undefined;
  const { id, createdAt: queuedAt, chatKey, origin, text, turnId } = item;
  const { state } = outcome;
  const guid = ("guid" in outcome ? outcome.guid : undefined) ?? item.guid;
  const known = { ...(text !== undefined && { text }), ...(turnId !== undefined && { turnId }) };
  const more = { ...(guid !== undefined && { guid }), ...("error" in outcome && { error: outcome.error }) };
  return { type: "sent", id, queuedAt, chatKey, origin, state, ...known, ...more };
}

/** As {@link DecisionEvent}. */
export function decisionEvent({ row: message }: JournalEntry, decision: Decision): DecisionEvent {
  return { type: "decision", message, decision };
}
