import type { Decision, Envelope, GateStep, Target } from "../conversation/index.js";
import type { Claim, Held } from "./claim.js";
import type { HeldDraft } from "./drafts.js";
import type { NewOutboxItem } from "./outbox.js";
import type { Usage } from "./usage.js";

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
  /** What earlier turns of this conversation left to be told, oldest first, see {@link TurnEnd.tellNext}. */
  told: string[];
  /** Its session did not run last where it runs now, or begins: what was kept of it here is out of date. */
  moved?: true;
  /** Somebody wanted it to end before it was taken. */
  isCancelled?: true;
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
  /** Replies in the order in which they are to be sent. */
  replies: NewOutboxItem[];
  /** Place of the first of them among the turn's replies; those before it were emitted. Default 0. */
  firstOrdinal?: number;
  /** What the session remembers from now on; absent keeps what it has. */
  session?: unknown;
  error?: TurnError;
  notes?: string[];
  /** What the agent is told at the session's next turns of this conversation, until one of them is done. */
  tellNext?: string;
  /** What its agent was told, see {@link ClaimedTurn.told}: of a turn that is done, that is not told again. What came since is. */
  told?: readonly string[];
  /** Drafts of the turn that are complete; what else it drafted ends with it, and is not sent (behaviour 18.1). */
  holds?: HeldDraft[];
  /** What it cost, one entry per model; added to what the session cost before. Absent: nobody told; empty: surely nothing. */
  usage?: Usage[];
}

/** A turn that waits and is put into the one that runs (behaviour 5.4a). */
export interface JoiningTurn {
  turnId: string;
  /** The rows that it answers. */
  rowIds: number[];
  /** What tells of the messages of both turns, in case that the running one is run again. */
  envelope: Envelope;
  /** What its rows are told with in `explain`. */
  step: GateStep;
}

/** The conversation that turns came from. */
export interface TurnOrigin {
  account: string;
  /** Forms in which envelopes name its chat as the target, e.g. `chat_id:88`. */
  chats: readonly string[];
}

/** Accounts whose turns are left to others (behaviour 21.4a). */
export interface LeftAccounts {
  /** Another process runs their turns, and what comes behind one in its session waits for it. */
  served: readonly string[];
  /** Nobody does now: they wait for whoever takes the account, and hold up nobody else in their session. */
  unserved: readonly string[];
}

/** Turns that are not taken now, because nobody is there to answer them (behaviour 20.4). */
export interface HeldTurns {
  /** All turns of these agents that nobody ended, */
  agents: readonly string[];
  /** but these, by id; */
  free: readonly string[];
  /** and all turns of these accounts. */
  accounts?: LeftAccounts;
}

/** Where a process runs that is one of several, and which sessions it leaves to where they ran last. */
export interface SessionHome {
  /** Names the place, e.g. a machine. */
  name: string;
  /** Agents that keep something of a session where it ran. */
  agents: readonly string[];
  /** Turns of theirs that are taken all the same, by id: they have waited for their home. */
  free: readonly string[];
}

/** Which turns a process takes. */
export interface TurnChoice {
  /** Only turns of these agents; absent: of all. */
  only?: readonly string[] | undefined;
  /** Those that are left where they are. */
  held?: HeldTurns | undefined;
  /** Absent: no other process runs turns. */
  home?: SessionHome | undefined;
}

export interface TurnStore {
  /**
   * Opens a turn over journaled rows and the context rows that it carries: rows to `in_turn`, the turn queued.
   * @returns `lost` also when a row is not `decided` (any more): nothing is opened then
   */
  open(claim: Claim, turn: NewTurn, rowIds: number[], contextIds: number[], at: number): Promise<Held>;
  /** The newest turn of a session that waits; undefined when none does. */
  lastQueued(sessionKey: string): Promise<Turn | undefined>;
  /** The newest turn of a chat that waits in a session, of those that answer messages. @param chat its number in its account */
  lastOfChat(sessionKey: string, chat: { account: string; chatId: number }): Promise<Turn | undefined>;
  /**
   * Adds rows to a turn that still waits and was never run, with the envelope that tells of all of them.
   * @param rows.hadIds the rows that it answered when the envelope was made
   * @returns `lost` when it does not wait any more, was run or ended before, answers other rows by now, or a row is not `decided`: nothing is
   *   changed then
   */
  extend(
    claim: Claim,
    turnId: string,
    envelope: Envelope,
    rows: { hadIds: number[]; rowIds: number[]; contextIds: number[] },
  ): Promise<Held>;
  /** The turn that comes next in a session; undefined when none waits. */
  nextQueued(sessionKey: string): Promise<Turn | undefined>;
  /**
   * Puts a turn that waits into the running one of its session and account: its rows and what it carries are that one's from
   * now on, and end with it; it has ended itself, as cancelled.
   * @param claim of the running turn
   * @returns `lost` when the running one has ended, or the other does not wait any more or answers other rows: nothing is
   *   changed then
   */
  join(claim: Claim, joining: JoiningTurn, at: number): Promise<Held>;
  /** Whether there was ever a turn in a session. */
  hasSession(sessionKey: string): Promise<boolean>;
  /** Takes turns: only what comes next in a session that has no running turn. @param choice absent: all */
  claim(node: string, max: number, at: number, choice?: TurnChoice): Promise<ClaimedTurn[]>;
  /** What became of turns that a process runs: by id, those that it does not hold any more, and those that somebody wants to end. */
  renew(held: readonly Claim[]): Promise<{ lost: string[]; cancel: string[] }>;
  /**
   * Asks whoever runs turns of a session to end them, wherever that is: nothing that they answer is sent from now on, also when
   * they are run again.
   * @param from only those of this conversation
   * @param but not this turn
   * @returns them
   */
  requestCancel(
    sessionKey: string,
    at: number,
    asked?: { from?: TurnOrigin | undefined; but?: string | undefined },
  ): Promise<Turn[]>;
  /**
   * The turns of these agents that come next in a session where none runs and that nobody ended, oldest first.
   * @param unserved accounts whose turns are passed over, as in `LeftAccounts`
   */
  heads(agents: readonly string[], unserved?: readonly string[]): Promise<Turn[]>;
  /**
   * Says for a turn that waits that it does (behaviour 20.4): once, and not once it runs. What of it is not sent when the turn
   * ends is not sent any more.
   * @returns whether it is said now
   */
  sayWaiting(turnId: string, item: NewOutboxItem, at: number): Promise<boolean>;
  /**
   * Hands replies of a running turn to the outbox before its end. Each has a place among the turn's replies; a place that
   * is taken already, by an attempt that was cut off, stays as it is.
   * @param firstOrdinal place of the first item, 0 for the first reply
   */
  emit(claim: Claim, items: NewOutboxItem[], firstOrdinal: number, at: number): Promise<Held>;
  /**
   * Says for a running turn that it is at work (behaviour 6.3a): once, whatever its attempts. What of it still waits when
   * the turn ends is not sent.
   */
  sayAlive(claim: Claim, item: NewOutboxItem, at: number): Promise<Held>;
  /**
   * Ends a turn: its state, its source rows, its replies in the outbox, its session, all in one commit.
   * One that somebody wanted to end has ended as cancelled, whatever it came to.
   * @param claimNext whether, or which, another turn is wanted
   * @returns `next`, the turn that has waited longest among idle sessions, claimed in the same commit if `claimNext`
   */
  end(
    claim: Claim,
    end: TurnEnd,
    at: number,
    claimNext: boolean | TurnChoice,
  ): Promise<{ held: Held; next?: ClaimedTurn }>;
  /**
   * Ends the turns that wait in a session. The one that runs is its runner's to end.
   * @param from only those of this conversation
   * @returns them, oldest first
   */
  cancelQueued(sessionKey: string, at: number, from?: TurnOrigin): Promise<Turn[]>;
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
  /** One turn, whatever became of it. */
  get(id: string): Promise<Turn | undefined>;
  /** When turns that only read along in a chat were queued after a time, oldest first (behaviour 18.8). @param since exclusive */
  listened(account: string, chatId: number, since: number): Promise<number[]>;
  /** How many turns wait and run, of an account or of all. */
  counts(account?: string): Promise<{ queued: number; running: number }>;
  /** Forgets what a session remembers, where it ran, and what its agent was still to be told. */
  resetSession(sessionKey: string): Promise<void>;
  /** What a session cost since it began, one entry per model. */
  usageOf(sessionKey: string): Promise<Usage[]>;
}
