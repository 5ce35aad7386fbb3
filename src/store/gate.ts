import type { MessageRow } from "../conversation/index.js";
import type { ChatBinding } from "./bindings.js";
import type { ByHand } from "./by-hand.js";
import type { Claim } from "./claim.js";
import type { JournalEntry } from "./journal.js";
import type { OutboxState } from "./outbox.js";
import type { PairingRequest } from "./pairing.js";
import type { AskedIn } from "./questions.js";

/** What the gates ask about one row. Times in milliseconds since the epoch. */
export interface RowQuestion {
  account: string;
  /** The row's own entry: only what was journaled before it counts as earlier. */
  entryId: number;
  row: MessageRow;
  /** Its sender in normal form. */
  handle: string;
  chatKeys: readonly string[];
  at: number;
  /** Sends that were handed to the bridge since then are told of. */
  sentSince: number;
  /** Rows of the same person are told of that were sent so many milliseconds before this one and after it. */
  near: { before: number; after: number };
  /** The phrase of an enrolment that it says. */
  phrase?: string | undefined;
  /** Where the question would have been asked that it answers. */
  answers?: AskedIn | undefined;
  /** The message that it refers to. */
  refersTo?: string | undefined;
  /** The first message of the thread that it is in. */
  thread?: string | undefined;
  /** Whether requests to be let in matter. */
  pairs: boolean;
  /** Whether it matters when the account's human wrote in the chat. */
  hushes: boolean;
}

/** A send of the last moments, as far as an echo is recognised by it. */
export interface RecentSend {
  id: number;
  claim: Claim;
  state: OutboxState;
  text?: string;
  file?: string;
  /** The question of the poll that it may have gone as in the place of its text. */
  poll?: string;
  guid?: string;
  /** The GUID that its row has to have. */
  attemptId?: string;
  takenAt: number;
  floorRow: number;
  /** When the row with its GUID was sent, where that row is in the journal. */
  rowSentAt?: number;
  /** Whether it was sent to another chat of the same person, or to the chat by another name. */
  elsewhere: boolean;
}

/** A send that a row is known to have come from. */
export interface SentItem {
  id: number;
  /** When it was handed to the bridge. */
  takenAt?: number;
  /** How often it was. */
  attempts: number;
  /** It waits for its row still, or was given up as unknown. */
  open?: Claim;
}

/** What the store knows of a row and its sender. */
export interface KnownOfRow {
  /** The session that its conversation was bound to from the chat. */
  binding?: ChatBinding;
  /** The send that it came from, by GUID or row id. */
  sent?: SentItem;
  /**
   * Sends of its chat and, where it is a direct one, of the same person's other chats; of each key the newest 40, newest
   * first; none where `sent` is known.
   */
  recent: RecentSend[];
  /** Absent for rows of the account itself and for those that are known to be sends. */
  person?: KnownOfPerson;
}

/** A STOP that stands (behaviour 3.7). */
export interface StandingStop {
  /** When the newest was sent, by the Mac's clock; absent where its row did not say, or an older version kept it. */
  sentAt?: number;
  /** When it was kept, by ours. */
  since: number;
}

/** What the gates ask about who wrote. */
export interface KnownOfPerson {
  approved: boolean;
  /** Owners that pairing made. */
  owners: readonly string[];
  stop?: StandingStop;
  /** Something was handed to the bridge for this chat before. */
  contacted: boolean;
  /** Wrong phrases that the sender wrote of the enrolment whose phrase this is. */
  wrongPhrases?: number;
  /** Whether the row answers a question, if its sender is an owner. */
  answersQuestion: boolean;
  /** Whether it answers one that its very sender was asked, owner or not (behaviour 18.2). */
  isAsked?: boolean;
  /** A message that an owner approved by itself was handed to the bridge for this chat within the last week (behaviour 10.3a). */
  answersOwner?: boolean;
  /** Whether the row refers to a message that was sent from here, or is in a thread with such a message (behaviour 4.4). */
  refersToOurs: boolean;
  /** Requests of the account that are pending. */
  pending: readonly Pick<PairingRequest, "handle" | "requestedAt">[];
  /** What the account's human last wrote in the chat. */
  byHand?: ByHand;
  /** Earlier entries of the same sender in the chat that were sent near it. */
  near: readonly JournalEntry[];
}

export interface GateStore {
  /** All that the gates ask about one row: a decision costs one call. */
  about(question: RowQuestion): Promise<KnownOfRow>;
}
