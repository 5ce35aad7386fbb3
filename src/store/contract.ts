import type { Chat, Decision, Envelope, MessageRow, StyledRun, Target } from "../conversation/index.js";
import type { Usage } from "./agents.js";

export type Topic = "journal" | "turns" | "outbox" | "schedule";

/** Somebody's right to work on something. The fence rises with each owner, so a late write of an earlier one is refused. */
export interface Claim {
  kind: "account" | "turn" | "send";
  id: string;
  owner: string;
  fence: number;
  /** 1 for the first try. */
  attempt: number;
}

export type Held = "ok" | "lost";

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
  /** Group messages that were kept as context and that no turn has carried yet, oldest first. */
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
  /** Whether a row of this chat, or of this handle in a direct chat, was ever let in: what the recipient firewall asks. */
  wasAdmitted(account: string, where: Conversation): boolean;
  /** Whether STOP or START was said there by somebody who may be told that it was heard (behaviour 3.7). */
  saidOptOutWord(account: string, where: Conversation): boolean;
  /** Who writes in a direct chat; undefined for groups and for chats that nobody was let in from. */
  directSender(account: string, chatId: number): string | undefined;
  /** When somebody last wrote in a chat by hand from the account itself (behaviour 10.4), milliseconds. */
  lastByHand(account: string, chatId: number): number | undefined;
  /** Own addresses that recent rows were sent to, newest first. */
  ownAddresses(account: string): string[];
  /** The rows that a turn answers, oldest first; not its context. */
  ofTurn(turnId: string): JournalEntry[];
  /** Counts per state and decision, for the accounting identity and the status. */
  counts(account: string): { state: JournalState; decision: string; reason: string; count: number }[];
  /** Removes bodies of finished rows that are older. @returns how many rows */
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
  attempt: number;
  queuedAt: number;
  startedAt?: number;
  endedAt?: number;
  /** Why it failed, for the operator: code and text. */
  error?: { code: string; message: string };
  /** What the agent noted for the operator. */
  notes: string[];
  /** What it cost, one entry per model. */
  usage: Usage[];
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
  error?: { code: string; message: string };
  notes?: string[];
  /** What it cost, one entry per model; added to what the session cost before. */
  usage?: Usage[];
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
  /** Ends the turns that wait in a session. The one that runs is its runner's to end. @returns how many */
  cancelQueued(sessionKey: string, at: number): Promise<number>;
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
  /** Gives a turn back unfinished, to be run again. */
  release(claim: Claim): Promise<Held>;
  get(id: string): Turn | undefined;
  counts(account?: string): { queued: number; running: number };
  /** Forgets what a session remembers. */
  resetSession(sessionKey: string): Promise<void>;
  /** What a session cost since it began, one entry per model. */
  usageOf(sessionKey: string): Usage[];
}

// ── outbox ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** `pending → sending → delivered | stored | not_sent | unknown` (behaviour 10.1). */
export type OutboxState = "pending" | "sending" | "delivered" | "stored" | "not_sent" | "unknown";

/** On whose account something is sent; the recipient firewall judges each kind by its own rule (behaviour 10.3). */
export type Origin =
  | "turn"
  | "pairing"
  | "approval"
  | "owner-notice"
  | "command"
  | "opt-out"
  | "schedule"
  | "person";

export interface NewOutboxItem {
  target: Target;
  /** The chat that orders sends: items of one chat go out one after the other. */
  chatKey: string;
  text?: string;
  file?: string;
  origin: Origin;
  /** GUID of the message that is answered in its thread. */
  replyTo?: string;
  /** How the text looks, where the Mac can show it. */
  runs?: StyledRun[];
  /** Full id of an effect. */
  effect?: string;
  /** The file is a voice message. */
  voice?: boolean;
  /** Reply, effect and voice were asked for: the send fails rather than go without. */
  strict?: boolean;
}

/** What became of a sent message after its row was seen, as far as the build tells (behaviour 10.1). */
export interface Delivery {
  /** When that was found out. */
  checkedAt: number;
  /** `iMessage`, `SMS`, `RCS`. */
  service?: string;
  deliveredAt?: number;
  readAt?: number;
  /** It went as SMS. */
  downgraded: boolean;
  /** Messages says that it was not delivered. */
  failed: boolean;
}

export interface OutboxItem extends NewOutboxItem {
  id: number;
  account: string;
  turnId?: string;
  ordinal: number;
  state: OutboxState;
  attempts: number;
  createdAt: number;
  /** Not before this time. */
  dueAt: number;
  /** When it was last handed to the bridge. */
  takenAt?: number;
  /** Highest row id journaled when it was taken: its own row in Messages comes after. */
  floorRow: number;
  /** The bridge took it and named no row; its echo or the history will. */
  acceptedAt?: number;
  settledAt?: number;
  guid?: string;
  rowId?: number;
  error?: { code: string; message: string };
  delivery?: Delivery;
}

/** What became of a send. `retry` puts it back, not before `dueAt`; `accepted` waits for its row to be seen. */
export type SendOutcome =
  | { state: "delivered" | "stored"; guid?: string; rowId?: number }
  | { state: "accepted" }
  | { state: "retry"; dueAt: number; error: { code: string; message: string } }
  | { state: "not_sent" | "unknown"; error: { code: string; message: string } };

export interface TakenItem {
  claim: Claim;
  item: OutboxItem;
}

/** How much was sent in a window. */
export interface Sent {
  count: number;
  /** When the first of it was handed to the bridge; absent when there is none. */
  oldest?: number;
}

export interface OutboxStore {
  /** Commits one item that no turn carries. @returns its id */
  add(account: string, item: NewOutboxItem, at: number): Promise<number>;
  /** Takes due items, at most one per chat and none of a chat that has one under way. */
  take(claim: Claim, max: number, at: number): Promise<TakenItem[]>;
  /** Items handed over by an earlier owner whose outcome nobody knows. */
  reconcilable(claim: Claim): TakenItem[];
  /** Items that the bridge took without naming a row, oldest first. */
  accepted(account: string): TakenItem[];
  settle(claim: Claim, outcome: SendOutcome, at: number): Promise<Held>;
  /**
   * Notes what became of a message whose row was seen: `stored` turns into `delivered` when it was, and gets the error
   * `NOT_DELIVERED` when Messages gave up.
   * @returns whether it is the first of its chat that is known to have gone as SMS
   */
  noteDelivery(id: number, delivery: Delivery): Promise<{ firstDowngrade: boolean }>;
  /** When the next pending item of a free chat falls due; undefined when nothing is pending. */
  nextDue(account: string): number | undefined;
  get(id: number): OutboxItem | undefined;
  ofTurn(turnId: string): OutboxItem[];
  /** The item that a row of Messages came from, by GUID or row id. */
  findSent(account: string, row: { guid: string; rowId: number }): OutboxItem | undefined;
  /**
   * What was handed to the bridge after a time, for one chat or the whole account. Owner notices do not count.
   * @param before of what is being sent now, only items with a smaller id count
   */
  sentSince(account: string, since: number, before: number, chatKey?: string): Sent;
  /** Chats that a person at the command line was the first to write to, after a time. @param before as in {@link sentSince} */
  firstWrittenSince(account: string, since: number, before: number): Sent;
  /** Whether anything was handed to the bridge for one of these chats. @param before as in {@link sentSince}; default: all count */
  hasWritten(account: string, chatKeys: string[], before?: number): boolean;
  /** Items of a chat that were handed to the bridge at or after a time, newest first. */
  recent(account: string, chatKeys: string[], since: number): TakenItem[];
  list(filter: { account?: string; states?: OutboxState[]; limit: number }): OutboxItem[];
  counts(account: string): Record<OutboxState, number>;
  /** How many sent messages are known to be delivered, read, gone as SMS, given up by Messages. */
  deliveries(account: string): { delivered: number; read: number; downgraded: number; failed: number };
}

// ── schedule ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface ScheduledMessage {
  id: string;
  account: string;
  sessionKey: string;
  item: NewOutboxItem;
  dueAt: number;
  createdAt: number;
}

export interface ScheduleStore {
  /** A message whose id is known already, whatever became of it, is not added again. */
  add(message: ScheduledMessage): Promise<void>;
  /** Those that wait, the next one first. */
  list(sessionKey?: string): ScheduledMessage[];
  /** @returns false when it does not wait (any more) */
  cancel(id: string): Promise<boolean>;
  nextDue(): number | undefined;
  /** Moves what is due into the outbox, in one commit. @returns how many */
  release(at: number): Promise<number>;
  /** Ends a message that is not sent any more, together with the notices that say so. */
  expire(id: string, notices: NewOutboxItem[], at: number): Promise<void>;
}
