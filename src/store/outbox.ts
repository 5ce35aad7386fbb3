import type { StyledRun, Target } from "../conversation/index.js";
import type { ErrorCode } from "../platform/index.js";
import type { Claim, Held } from "./claim.js";

/** `held → pending → sending → delivered | stored | not_sent | unknown` (behaviour 10.1); drafts alone are held (18.1). */
export type OutboxState = "held" | "pending" | "sending" | "delivered" | "stored" | "not_sent" | "unknown";

/** On whose account something is sent; the recipient firewall judges each kind by its own rule (behaviour 10.3). */
export type Origin =
  | "turn"
  | "pairing"
  | "approval"
  | "owner-notice"
  | "command"
  | "opt-out"
  | "schedule"
  | "person"
  /** An owner's turn wrote to somebody who was let in nowhere, and an owner said yes to it (behaviour 10.3a). */
  | "approved-draft";

/** Something that is done in a chat in the place of a message, by one call of the bridge. */
export interface OutboxAct {
  /** As the bridge calls it. */
  name: string;
  parameters: Record<string, unknown>;
}

export interface NewOutboxItem {
  target: Target;
  /** The chat that orders sends: items of one chat go out one after the other. */
  chatKey: string;
  text?: string;
  file?: string;
  origin: Origin;
  /** GUID of the chat whose number the target is, where the send comes from no turn: numbers are those of one database. */
  chatGuid?: string;
  /** GUID of the message that is answered in its thread. */
  replyTo?: string;
  /** How the text looks, where the Mac can show it. */
  runs?: StyledRun[];
  /** Full id of an effect. */
  effect?: string;
  /** The file is a voice message; a text beside it says the same, and goes where that cannot. */
  voice?: boolean;
  /** Reply, effect and voice were asked for: the send fails rather than go without. */
  strict?: boolean;
  /** Of what goes as one message in several parts: the same for all of them, in their order; see `together`. */
  parts?: string;
  /** It goes before what waits in its chat, and no budget holds it back: somebody stopped something and is told so. */
  urgent?: boolean;
  /**
   * It answers nobody who has just written there (behaviour 18.7): `owner` where an owner's turn asked for it, `agent` where
   * nobody did. What is scheduled is always the agent's.
   */
  initiative?: "agent" | "owner";
  /** The draft that it is a part of: it is held until an owner says yes (behaviour 18.1). */
  draft?: string;
  /** It is no message. */
  act?: OutboxAct;
  /** Where the Mac has polls the choices go as one in the place of the text, which says the same with numbers (behaviour 18.1). */
  poll?: { question: string; options: string[] };
}

/** What became of a sent message after its row was seen, as far as the build tells (behaviour 10.1). */
export interface Delivery {
  /** When that was found out. */
  checkedAt: number;
  /** `iMessage`, `SMS`, `RCS`. */
  service?: string;
  deliveredAt?: number;
  readAt?: number;
  /** Whether the message went as SMS. */
  downgraded: boolean;
  /** Messages says that it was not delivered. */
  failed: boolean;
}

export interface OutboxItem extends NewOutboxItem {
  id: number;
  account: string;
  turnId?: string;
  /** The row of the journal that it answers without a turn. */
  entryId?: number;
  ordinal: number;
  state: OutboxState;
  attempts: number;
  createdAt: number;
  /** Not before this time. */
  dueAt: number;
  /** When it was last handed to the bridge. */
  takenAt?: number;
  /** Highest row id journaled when it was first taken, in the database that there is now: its own row in Messages comes after. */
  floorRow: number;
  /**
   * The GUID that its message gets, chosen before the first try; every try goes under it (behaviour 10.1). Absent for what
   * goes without one.
   */
  attemptId?: string;
  /** It is not to get such a GUID: a try under one was surely refused. */
  untracked?: true;
  /** What became of an earlier try is not known. */
  inDoubt?: true;
  /** Somebody stopped it while it was on its way: it is not sent again. */
  stopped?: true;
  /** The bridge took it and named no row; its echo or the history will. */
  acceptedAt?: number;
  settledAt?: number;
  guid?: string;
  rowId?: number;
  /** Its code is what was written then, perhaps by another version. */
  error?: { code: string; message: string };
  delivery?: Delivery;
}

/** What became of a send. `retry` puts it back, not before `dueAt`; `accepted` waits for its row to be seen. */
export type SendOutcome =
  | { state: "delivered" | "stored"; guid?: string; rowId?: number }
  | { state: "accepted"; guid?: string }
  | {
      state: "retry";
      dueAt: number;
      error: { code: ErrorCode; message: string };
      /** What became of this try is not known: the next one has to go under the same GUID. */
      inDoubt?: true;
      /** It was surely not sent under its GUID, and goes without one. */
      untracked?: true;
    }
  | { state: "not_sent" | "unknown"; error: { code: ErrorCode; message: string } };

export interface TakenItem {
  claim: Claim;
  item: OutboxItem;
}

/** A time in which sends are counted. */
export interface SendWindow {
  /** Exclusive, milliseconds since the epoch. */
  since: number;
  /** Inclusive, milliseconds since the epoch. */
  until: number;
  /** Id of an item: of what is being sent, only items before it count. */
  before: number;
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
  /**
   * Takes due items, at most one per chat and none of a chat that has one under way.
   * @param tracks whether an item gets a GUID of ours, which is then on the disk before it is sent; default: none does
   */
  take(claim: Claim, max: number, at: number, tracks?: (item: OutboxItem) => boolean): Promise<TakenItem[]>;
  /** Items handed over by an earlier owner whose outcome nobody knows. */
  reconcilable(claim: Claim): Promise<TakenItem[]>;
  /** Items that the bridge took without naming a row, oldest first. */
  accepted(account: string): Promise<TakenItem[]>;
  /**
   * Ends a send, or puts it back. What ended as `unknown` may still turn out to be `stored`; nothing else changes its end.
   * @returns `stopped` where it was to be put back, surely not sent, and somebody had stopped it meanwhile: it has ended as `not_sent`
   */
  settle(claim: Claim, outcome: SendOutcome, at: number): Promise<Held | "stopped">;
  /**
   * Ends what waits of agents' answers in these chats as `not_sent`, with the error `STOPPED`: somebody said so (behaviour
   * 12). What is being sent may go out, but is not put back: `settle` ends it the same way then. What may have gone out, because
   * nobody knows what became of a try, is marked as `stopped`, for the sender to look for it.
   * @returns how many messages that waited
   */
  stopAnswers(account: string, chatKeys: readonly string[], at: number): Promise<number>;
  /**
   * Notes what became of a message whose row was seen: `stored` turns into `delivered` when it was, and gets the error
   * `NOT_DELIVERED` when Messages gave up.
   * @returns whether it is the first of its chat that is known to have gone as SMS
   */
  noteDelivery(id: number, delivery: Delivery): Promise<{ firstDowngrade: boolean }>;
  /**
   * When the next pending item of a free chat falls due; undefined when nothing is pending.
   * @param at now; what was last touched after that waits for a clock that was set back, and is due at once
   */
  nextDue(account: string, at: number): Promise<number | undefined>;
  /** One item, whatever became of it. */
  get(id: number): Promise<OutboxItem | undefined>;
  /** Those of these ids that there are, in the order of the ids. */
  getAll(ids: readonly number[]): Promise<OutboxItem[]>;
  /** What a turn sent or will send, in the order of its answer. */
  ofTurn(turnId: string): Promise<OutboxItem[]>;
  /** What answered a row of the journal without a turn: a command's answers, a pairing code. */
  ofEntry(entryId: number): Promise<OutboxItem[]>;
  /** The item that a row of Messages came from, by GUID, or by row id where one of the two GUIDs is not known. */
  findSent(account: string, row: { guid: string; rowId: number }): Promise<OutboxItem | undefined>;
  /**
   * What was handed to the bridge in a window of time, for one chat or the whole account. Owner notices do not count,
   * nor what a clock that was set back left in the future.
   * @param window.atMost so many are counted, the newest: an account that sends much is not counted through for every send
   */
  sentBetween(account: string, window: SendWindow & { atMost: number; chatKey?: string }): Promise<Sent>;
  /** Conversations that were begun in a window of time by something that answered nobody. */
  firstWrittenBetween(account: string, window: SendWindow): Promise<Sent>;
  /**
   * When what was sent to a person on an agent's own account was committed, newest first, messages of one commit once; what
   * an owner said yes to does not count (behaviour 18.7).
   * @param except when the message that is asked about was committed: what was committed with it does not count
   */
  initiatives(
    account: string,
    chatKeys: readonly string[],
    window: { before: number; except: number; atMost: number },
  ): Promise<number[]>;
  /** What waits for a budget in these chats: how many messages, and why; undefined where nothing is held back (behaviour 10.5). */
  heldIn(account: string, chatKeys: string[]): Promise<{ count: number; why: string } | undefined>;
  /** Whether anything was handed to the bridge for one of these chats. @param before as in {@link SendWindow}; default: all count */
  hasWritten(account: string, chatKeys: readonly string[], before?: number): Promise<boolean>;
  /** Whether anything was handed to the bridge for one of these chats before a time. @param until milliseconds since the epoch */
  hasWrittenUntil(account: string, chatKeys: readonly string[], until: number): Promise<boolean>;
  /** Items of an account, or of all, newest first. @param filter.states none: all */
  list(filter: { account?: string; states?: OutboxState[]; limit: number }): Promise<OutboxItem[]>;
  /** How many items an account has in each state, those that are over included. */
  counts(account: string): Promise<Record<OutboxState, number>>;
  /** How many sent messages are known to be delivered, read, gone as SMS, given up by Messages. */
  deliveries(
    account: string,
  ): Promise<{ delivered: number; read: number; downgraded: number; failed: number }>;
}
