import type { Chat, Decision, MessageRow, TapbackEvent } from "../conversation/index.js";
import type { ByHand } from "./by-hand.js";
import type { Claim, Held } from "./claim.js";
import type { NewOutboxItem } from "./outbox.js";
import type { NewPairingRequest } from "./pairing.js";
import type { Rest } from "./rest.js";

/** `new → decided → in_turn → done | failed`; a row that asks for no turn goes from `decided` to `done` at once. */
export type JournalState = "new" | "decided" | "in_turn" | "done" | "failed";

/** How a row came in. `retry` and `replay` are rows that a person asked to run again. */
export type Arrival = "live" | "catchup" | "retry" | "replay";

/** Whether a person asked to run the row again: once more takes `--again` (behaviour 14). */
export function isRerun(arrival: Arrival): boolean {
  return arrival === "retry" || arrival === "replay";
}

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

/** Which rows to list; all conditions must hold. */
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
  /** Those with the smallest ids, in that order; newest first when absent. */
  oldestFirst?: boolean;
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

/** A chat, or the direct chat of a handle in normal form. */
export interface ChatOrHandle {
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

/** What is stored when a stranger is offered a code. */
export interface PairingOffer {
  /** The row of the journal that asked for it. */
  id: number;
  decision: Decision;
  request: NewPairingRequest;
  /** The one reply that carries the code. */
  reply: NewOutboxItem;
  /** Most requests that may be pending in an account. */
  most: number;
}

export interface Journal {
  /**
   * Journals rows that are not there yet, by account and GUID, and moves the account's cursor behind those that a subscription
   * reported (`cursor`), in one commit.
   * @returns for each row the new entry's id, or undefined for a row seen before
   */
  admit(
    claim: Claim,
    rows: MessageRow[],
    arrival: Arrival,
    receivedAt: number,
  ): Promise<(number | undefined)[]>;
  /**
   * Keeps rows in sight that a later start takes up (behaviour 9.4). They do not count as seen: the cursor stays, and when
   * they are journaled they are new.
   */
  defer(claim: Claim, rows: MessageRow[], decision: Decision & { kind: "drop" }, at: number): Promise<Held>;

  /**
   * Journals, as a row of its own with `change`, that a message which was handled says something else now (behaviour 9.7).
   * @param row as it was reported again
   * @returns undefined where it says the same still, or nobody was told of it
   */
  admitChange(
    claim: Claim,
    row: MessageRow,
    arrival: Arrival,
    receivedAt: number,
  ): Promise<JournalEntry | undefined>;
  /** Gives a row that came without its chat (protocol reference 12, row 12) the chat that was found for it. */
  locate(claim: Claim, id: number, chat: Chat): Promise<Held>;
  /** Notes that a row is a tapback in words, and on which message (behaviour 9.8). */
  recognise(claim: Claim, id: number, tapback: TapbackEvent): Promise<Held>;
  /** Stores what becomes of a row. A decision that asks for no turn ends the row. */
  decide(claim: Claim, id: number, decision: Decision, at: number): Promise<Held>;
  /**
   * Stores a pairing decision together with its request and the one reply that carries the code.
   * A request of this handle whose code surely never left goes on as this one (behaviour 3.3).
   * @param most requests that may be pending in an account
   * @returns `pending` when this handle has another request already, `full` when there are `most`: nothing is stored then
   */
  offerPairing(claim: Claim, offer: PairingOffer, at: number): Promise<Held | "pending" | "full">;
  /** Ends a command: its row, its answers, and whether its sender takes messages from now on, in one commit. */
  complete(claim: Claim, id: number, done: CommandDone, at: number): Promise<Held>;
  /** Rows that wait for a decision or for their turn, oldest first: what a start takes up, and what a person asked to retry. */
  unfinished(account: string): Promise<JournalEntry[]>;
  /** Sends rows through the gates again. @returns how many */
  reopen(ids: number[], arrival: Exclude<Arrival, "live">): Promise<number>;
  /** One row, with what was decided about it. */
  get(id: number): Promise<JournalEntry | undefined>;
  /** How far rows are, by their ids, without reading what they say. A row that is not there has none. */
  states(ids: readonly number[]): Promise<Map<number, JournalState>>;
  /** The row of a message. @param account where it is not named, the row of any account */
  findByGuid(guid: string, account?: string): Promise<JournalEntry | undefined>;
  /** The entries of an account that these GUIDs name, by GUID. */
  findByGuids(guids: readonly string[], account: string): Promise<Map<string, JournalEntry>>;
  /** Those that fit the filter, newest first unless it says otherwise. */
  list(filter: JournalFilter): Promise<JournalEntry[]>;
  /**
   * How far rows may be read on. Of an account by their chats: to before the first row behind `after` whose chat is still looked for, and
   * which gets one under its old number. Of all accounts: to where none is still on its way, for several processes number rows side by side,
   * and a lower number may be kept after a higher one.
   * @returns a row's number; where nothing is in the way, the highest of all
   */
  placedUpTo(account: string | undefined, after: number): Promise<number>;
  /** The newest row of every chat, the chat that was written in last first; rows without a chat are left out. */
  chats(account?: string): Promise<JournalEntry[]>;
  /** What catch-up journaled of what was sent in a span of time, oldest first. @param since inclusive, milliseconds @param until exclusive */
  caughtUp(account: string, since: number, until: number): Promise<JournalEntry[]>;
  /** Group messages that were kept as context since the chat's last turn, oldest first; what a limit left out then stays out. */
  context(account: string, chatId: number, limit: number): Promise<JournalEntry[]>;
  /** Tapbacks, poll votes, edits and unsends that no turn has told its agent of yet (behaviour 9.8), oldest first. */
  notes(account: string, chatId: number, limit: number): Promise<JournalEntry[]>;
  /** Rows of a chat that came too late to be answered (`backlog`, `missed_offline`) and that nobody was told of, oldest first. */
  missedIn(account: string, chatId: number, limit: number): Promise<JournalEntry[]>;
  /** The same of the whole account, counted per sender. */
  missed(account: string): Promise<MissedBySender[]>;
  /** Marks missed rows up to an id as told, together with the notices that tell of them, once. */
  tell(claim: Claim, upTo: number, notices: NewOutboxItem[], at: number): Promise<Held>;
  /** Rows of a chat by the time they were sent, both ends included, in the order in which they were journaled. */
  sentBetween(account: string, chatId: number, from: number, to: number): Promise<JournalEntry[]>;
  /**
   * The newest row that a person wrote in this chat; for want of one there, the newest of this handle that was let in
   * in a direct chat. Whether its sender may write today is for the gates to say (behaviour 10.3).
   * @param except senders, as their rows name them, who are left out
   */
  lastWritten(
    account: string,
    where: ChatOrHandle,
    except?: readonly string[],
  ): Promise<JournalEntry | undefined>;
  /**
   * Whether somebody wrote or put a tapback in this chat, or this person in any direct one, after a time; let in or not.
   * @param since exclusive, milliseconds since the epoch
   */
  heardFrom(account: string, where: ChatOrHandle, since: number): Promise<boolean>;
  /** Whether STOP or START was said there by somebody who may be told that it was heard (behaviour 3.7). */
  saidOptOutWord(account: string, where: ChatOrHandle): Promise<boolean>;
  /** Who writes in a direct chat, let in or not; undefined for groups and for chats that nobody wrote in. */
  directSender(account: string, chatId: number): Promise<string | undefined>;
  /** What somebody last wrote in a chat by hand from the account itself (behaviour 10.4). */
  lastByHand(account: string, chatId: number): Promise<ByHand | undefined>;
  /** Own addresses that recent rows were sent to, newest first. */
  ownAddresses(account: string): Promise<string[]>;
  /** The rows that a turn answers, oldest first; not its context. */
  ofTurn(turnId: string): Promise<JournalEntry[]>;
  /** How many rows are still to be decided, or carried out. */
  countOpen(account: string): Promise<number>;
  /** Counts per state and decision, for the accounting identity; reads the whole journal. */
  counts(
    account: string,
  ): Promise<{ state: JournalState; decision: string; reason: string; count: number }[]>;
  /**
   * Removes what people wrote from everything that is over and older; decisions stay.
   * @param rest between pieces of it @returns how many rows lost something
   */
  forget(before: number, rest?: Rest): Promise<number>;
}
