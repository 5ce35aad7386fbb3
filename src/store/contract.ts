import type { Chat, Decision, Envelope, MessageRow, Target } from "../conversation/index.js";
import type { Claim, Held } from "./claim.js";
import type { NewOutboxItem } from "./outbox.js";
import type { Usage } from "./usage.js";

export type Topic = "journal" | "turns" | "outbox" | "schedule";

// ── accounts ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface AccountStore {
  /** Takes an account; with the embedded store the state lock proves that an earlier owner is dead. */
  claim(account: string, node: string): Promise<{ claim: Claim; facts: AccountFacts }>;
  /** Ends the claim of an account that is stopped on purpose. */
  release(claim: Claim, at: number): Promise<Held>;
  /** Highest row id journaled; -1 when there was none at the first start, 0 before that. */
  cursor(account: string): number;
  /**
   * Where to subscribe from, exclusive: a little before the cursor, but not before the first start, for imsg reports rows
   * late whose chat or link preview is late (protocol reference 3.4, items 8 and 11). 0 before the first start.
   */
  resumePoint(account: string): number;
  /** Sets the cursor without rows: the first start, or a database that was replaced. */
  setCursor(claim: Claim, rowId: number): Promise<Held>;
}

/** What is known of an account from earlier runs. */
export interface AccountFacts {
  /** Highest row id journaled; -1 when there was none at the first start, 0 before that. */
  cursor: number;
  /** When it was stopped on purpose, milliseconds; undefined after a crash and before the first start. */
  stoppedAt?: number;
}

// ── journal ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** `new → decided → in_turn → done | failed`; a row that asks for no turn goes from `decided` to `done` at once. */
export type JournalState = "new" | "decided" | "in_turn" | "done" | "failed";

/** How a row came in. `retry` and `replay` are rows that a person asked to run again. */
export type Arrival = "live" | "catchup" | "retry" | "replay";

export interface JournalEntry {
  id: number;
  account: string;
  row: MessageRow;
  arrival: Arrival;
  /** Milliseconds since the epoch, like every time here. */
  receivedAt: number;
  state: JournalState;
  decision?: Decision;
  decidedAt?: number;
  turnId?: string;
}

/** Which rows to list; all conditions must hold. Newest first. */
export interface JournalFilter {
  account?: string;
  chatId?: number;
  /** The handle of a direct chat, the id of a group without its service; case does not matter. */
  chatIdentifier?: string;
  decision?: Decision["kind"];
  state?: JournalState;
  /** Own rows are left out unless asked for. */
  own?: boolean;
  reason?: string;
  /** Only rows with a smaller or larger id. */
  before?: number;
  after?: number;
  limit: number;
}

/** What one sender wrote that came too late to be answered. */
export interface MissedBySender {
  sender: string;
  name?: string;
  count: number;
  /** The highest id among them. */
  lastId: number;
}

/** A request to be let in (behaviour 3.3). */
export interface NewPairingRequest {
  /** Normal form. */
  handle: string;
  name?: string;
  code: string;
  requestedAt: number;
  expiresAt: number;
  chatId: number;
  /** First line of what was written. */
  text: string;
}

/** A chat, or the direct chat of a handle in normal form. */
export interface Conversation {
  chatId?: number;
  handle?: string;
}

/** What a command typed in a chat leads to. */
export interface CommandDone {
  replies: NewOutboxItem[];
  /** The sender said STOP (true) or START (false), behaviour 3.7. */
  optOut?: { handle: string; value: boolean };
  /** The sender wrote the phrase of an enrolment, and is let in if nobody was quicker; the replies go only then. */
  enrolled?: { enrolment: number; handle: string; chatId: number };
}

export interface Journal {
  /**
   * Journals rows that are not there yet, by account and GUID, and moves the account's cursor, in one commit.
   * @returns for each row the new entry's id, or undefined for a row seen before
   */
  admit(
    claim: Claim,
    rows: MessageRow[],
    arrival: Arrival,
    receivedAt: number,
  ): Promise<(number | undefined)[]>;
  /** Gives a row that came without its chat (protocol reference 12, row 12) the chat that was found for it. */
  locate(claim: Claim, id: number, chat: Chat): Promise<Held>;
  /** Stores what becomes of a row. A decision that asks for no turn ends the row. */
  decide(claim: Claim, id: number, decision: Decision, at: number): Promise<Held>;
  /** Stores a pairing decision together with its request and the one reply that carries the code. */
  offerPairing(
    claim: Claim,
    id: number,
    decision: Decision,
    at: number,
    request: NewPairingRequest,
    reply: NewOutboxItem,
  ): Promise<Held>;
  /** Ends a command: its row, its answers, and whether its sender takes messages from now on, in one commit. */
  complete(claim: Claim, id: number, done: CommandDone, at: number): Promise<Held>;
  /** Rows that wait for a decision or for their turn, oldest first: what a start takes up, and what a person asked to retry. */
  unfinished(account: string): JournalEntry[];
  /** Sends rows through the gates again. @returns how many */
  reopen(ids: number[], arrival: Exclude<Arrival, "live">): Promise<number>;
  get(id: number): JournalEntry | undefined;
  findByGuid(guid: string, account?: string): JournalEntry | undefined;
  list(filter: JournalFilter): JournalEntry[];
  /** Group messages that were kept as context since the chat's last turn, oldest first; what a limit left out then stays out. */
  context(account: string, chatId: number, limit: number): JournalEntry[];
  /** Tapbacks and poll votes that no turn has told its agent of yet (behaviour 9.8), oldest first. */
  notes(account: string, chatId: number, limit: number): JournalEntry[];
  /** Rows of a chat that came too late to be answered (`backlog`, `missed_offline`) and that nobody was told of, oldest first. */
  missedIn(account: string, chatId: number, limit: number): JournalEntry[];
  /** The same of the whole account, counted per sender. */
  missed(account: string): MissedBySender[];
  /** Marks missed rows up to an id as told, together with the notices that tell of them, once. */
  tell(claim: Claim, upTo: number, notices: NewOutboxItem[], at: number): Promise<Held>;
  /** Rows of a chat by the time they were sent, both ends included, in the order in which they were journaled. */
  sentBetween(account: string, chatId: number, from: number, to: number): JournalEntry[];
  /**
   * The newest row that a person wrote in this chat; for want of one there, the newest of this handle that was let in
   * in a direct chat. Whether its sender may write today is for the gates to say (behaviour 10.3).
   * @param except senders, as their rows name them, who are left out
   */
  lastWritten(account: string, where: Conversation, except?: readonly string[]): JournalEntry | undefined;
  /** Whether STOP or START was said there by somebody who may be told that it was heard (behaviour 3.7). */
  saidOptOutWord(account: string, where: Conversation): boolean;
  /** Who writes in a direct chat, let in or not; undefined for groups and for chats that nobody wrote in. */
  directSender(account: string, chatId: number): string | undefined;
  /** When somebody last wrote in a chat by hand from the account itself (behaviour 10.4), milliseconds. */
  lastByHand(account: string, chatId: number): number | undefined;
  /** Own addresses that recent rows were sent to, newest first. */
  ownAddresses(account: string): string[];
  /** The rows that a turn answers, oldest first; not its context. */
  ofTurn(turnId: string): JournalEntry[];
  /** Counts per state and decision, for the accounting identity and the status. */
  counts(account: string): { state: JournalState; decision: string; reason: string; count: number }[];
  /** Removes what people wrote from everything that is over and older; decisions stay. @returns how many rows lost something */
  forget(before: number): Promise<number>;
}

// ── turns ────────────────────────────────────────────────────────────────────────────────────────────────────────────

export type TurnState = "queued" | "running" | "done" | "failed" | "cancelled";

export interface Turn {
  id: string;
  account: string;
  sessionKey: string;
  agentId: string;
  state: TurnState;
  envelope: Envelope;
  /** The conversation that it answers. */
  target: Target;
  /** The key of that conversation in its account. */
  chatKey: string;
  attempt: number;
  /** How often its process died while it was marked as a risk. */
  deaths: number;
  queuedAt: number;
  startedAt?: number;
  endedAt?: number;
  /** Why it failed, for the operator. */
  error?: TurnError;
  /** What the agent noted for the operator. */
  notes: string[];
  /** What it cost, one entry per model. */
  usage: Usage[];
}

/** Why a turn failed (behaviour 6.2): for the log, `explain` and the owner alone. */
export interface TurnError {
  /** What was written then, perhaps by another version. */
  code: string;
  message: string;
  /** What can be done about it. */
  hint?: string;
  /** The words of the agent, its program or its provider, where the message does not have them; bounded. */
  cause?: string;
}

/** A turn that was taken, with what its session remembers. */
export interface ClaimedTurn {
  claim: Claim;
  turn: Turn;
  session: unknown;
  /** How many of its replies an earlier attempt handed to the outbox already. */
  emitted: number;
}

export interface NewTurn {
  id: string;
  account: string;
  sessionKey: string;
  agentId: string;
  envelope: Envelope;
}

export interface TurnEnd {
  outcome: "done" | "failed" | "cancelled";
  /** In the order in which they are to be sent. */
  replies: NewOutboxItem[];
  /** Place of the first of them among the turn's replies; those before it were emitted. Default 0. */
  firstOrdinal?: number;
  /** What the session remembers from now on; absent keeps what it has. */
  session?: unknown;
  error?: TurnError;
  notes?: string[];
  /** What it cost, one entry per model; added to what the session cost before. */
  usage?: Usage[];
}

/** The conversation that turns came from. */
export interface TurnOrigin {
  account: string;
  /** Forms in which envelopes name its chat as the target, e.g. `chat_id:88`. */
  chats: readonly string[];
}

export interface TurnStore {
  /**
   * Opens a turn over journaled rows and the context rows that it carries: rows to `in_turn`, the turn queued.
   * @returns `lost` also when a row is not `decided` (any more): nothing is opened then
   */
  open(claim: Claim, turn: NewTurn, rowIds: number[], contextIds: number[], at: number): Promise<Held>;
  /** The newest turn of a session that waits; undefined when none does. */
  lastQueued(sessionKey: string): Turn | undefined;
  /**
   * Adds rows to a turn that still waits, with the envelope that tells of all of them.
   * @returns `lost` when it does not wait any more, or a row is not `decided`: nothing is changed then
   */
  extend(
    claim: Claim,
    turnId: string,
    envelope: Envelope,
    rowIds: number[],
    contextIds: number[],
  ): Promise<Held>;
  /** Whether there was ever a turn in a session. */
  hasSession(sessionKey: string): boolean;
  /** Takes turns: only the head of a session that has no running turn. */
  claim(node: string, max: number, at: number): Promise<ClaimedTurn[]>;
  /**
   * Hands replies of a running turn to the outbox before its end. Each has a place among the turn's replies; a place that
   * is taken already, by an attempt that was cut off, stays as it is.
   * @param firstOrdinal place of the first item, 0 for the first reply
   */
  emit(claim: Claim, items: NewOutboxItem[], firstOrdinal: number, at: number): Promise<Held>;
  /**
   * Ends a turn: its state, its source rows, its replies in the outbox, its session, all in one commit.
   * @returns `next`, the turn that has waited longest among idle sessions, claimed in the same commit if `claimNext`
   */
  end(
    claim: Claim,
    end: TurnEnd,
    at: number,
    claimNext: boolean,
  ): Promise<{ held: Held; next?: ClaimedTurn }>;
  /**
   * Ends the turns that wait in a session. The one that runs is its runner's to end.
   * @param from only those of this conversation
   * @returns how many
   */
  cancelQueued(sessionKey: string, at: number, from?: TurnOrigin): Promise<number>;
  /**
   * Changes what a running turn was given, before its agent sees it (behaviour 9.7): the envelope, and the rows that were
   * taken back meanwhile, each with the decision that ends it.
   */
  revise(
    claim: Claim,
    envelope: Envelope,
    ended: { id: number; decision: Decision }[],
    at: number,
  ): Promise<Held>;
  /** Notes that the next step may be what ends the process; until the turn is given back, its process's death is counted. */
  markAtRisk(claim: Claim): Promise<Held>;
  /** Gives a turn back unfinished, to be run again. */
  release(claim: Claim): Promise<Held>;
  get(id: string): Turn | undefined;
  counts(account?: string): { queued: number; running: number };
  /** Forgets what a session remembers. */
  resetSession(sessionKey: string): Promise<void>;
  /** What a session cost since it began, one entry per model. */
  usageOf(sessionKey: string): Usage[];
}
