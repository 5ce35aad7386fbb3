import type { Chat, Decision, Envelope, MessageRow, Target } from "../conversation/index.js";
import type { Usage } from "./usage.js";

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
  /** Only rows with a smaller or larger id. */
  before?: number;
  after?: number;
  limit: number;
}

/** What a command typed in a chat leads to. */
export interface CommandDone {
  replies: NewOutboxItem[];
  /** The sender said STOP (true) or START (false), behaviour 3.7. */
  optOut?: { handle: string; value: boolean };
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
  reopen(ids: number[], arrival: "retry" | "replay"): Promise<number>;
  get(id: number): JournalEntry | undefined;
  findByGuid(guid: string, account?: string): JournalEntry | undefined;
  list(filter: JournalFilter): JournalEntry[];
  /** Group messages that were kept as context and that no turn has carried yet, oldest first. */
  context(account: string, chatId: number, limit: number): JournalEntry[];
  /** Whether a row of this chat, or of this handle in a direct chat, was ever let in: what the recipient firewall asks. */
  wasAdmitted(account: string, where: { chatId?: number; handle?: string }): boolean;
  /** Who writes in a direct chat; undefined for groups and for chats that nobody was let in from. */
  directSender(account: string, chatId: number): string | undefined;
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
export type Origin = "turn" | "pairing" | "approval" | "owner-notice" | "command" | "schedule" | "person";

export interface NewOutboxItem {
  target: Target;
  /** The chat that orders sends: items of one chat go out one after the other. */
  chatKey: string;
  text?: string;
  file?: string;
  origin: Origin;
  replyTo?: string;
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
  /** When the next pending item of a free chat falls due; undefined when nothing is pending. */
  nextDue(account: string): number | undefined;
  get(id: number): OutboxItem | undefined;
  ofTurn(turnId: string): OutboxItem[];
  /** The item that a row of Messages came from, by GUID or row id. */
  findSent(account: string, row: { guid: string; rowId: number }): OutboxItem | undefined;
  /** Items of a chat that were handed to the bridge at or after a time, newest first. */
  recent(account: string, chatKeys: string[], since: number): TakenItem[];
  list(filter: { account?: string; states?: OutboxState[]; limit: number }): OutboxItem[];
  counts(account: string): Record<OutboxState, number>;
}

// ── pairing ──────────────────────────────────────────────────────────────────────────────────────────────────────────

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

export interface PairingRequest extends NewPairingRequest {
  account: string;
  state: "pending" | "approved" | "denied";
}

export interface Approval {
  account: string;
  handle: string;
  approvedAt: number;
}

export interface PairingStore {
  /** Requests that are pending at the time given, oldest first. */
  pending(at: number, account?: string): PairingRequest[];
  /** The newest request with this code, whatever became of it. */
  findByCode(code: string, account?: string): PairingRequest | undefined;
  isApproved(account: string, handle: string): boolean;
  /** Whether a request that came in this chat was approved. */
  wasApprovedIn(account: string, chatId: number): boolean;
  approvals(account?: string): Approval[];
  /** Admits the sender of a pending request; with `owner` it becomes the command owner, with `notify` it is told so. */
  approve(
    request: PairingRequest,
    at: number,
    options: { owner: boolean; notify?: NewOutboxItem; replay: boolean },
  ): Promise<{ replayed: number }>;
  /** Admits somebody without a request: taken over from another system, or enrolled. */
  admit(account: string, handle: string, at: number, options: { owner: boolean }): Promise<void>;
  deny(request: PairingRequest): Promise<void>;
  /** @returns false when there was no such approval */
  revoke(account: string, handle: string): Promise<boolean>;
  /** Whether this person said STOP and has not said START since. */
  hasOptedOut(account: string, handle: string): boolean;
  optedOut(account?: string): { account: string; handle: string; since: number }[];
  /** Owners that pairing made; those of the configuration are not in it. */
  owners(account: string): string[];
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
