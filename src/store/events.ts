import type { Draft } from "./drafts.js";
import type { JournalEntry } from "./journal.js";
import type { OutboxItem } from "./outbox.js";
import type { PairingRequest } from "./pairing.js";
import type { Question } from "./questions.js";
import type { Rest } from "./rest.js";
import type { Turn } from "./turns.js";

/** What is told of each kind of event: how it was then, and what it is about, as that is kept now. */
interface EventsByType {
  /** A row of Messages was journaled that was not there before. */
  message: { facts: { arrival: JournalEntry["arrival"] }; about: JournalEntry };
  /** It was decided what becomes of a row. */
  decision: { facts: { kind: string; reason?: string }; about: JournalEntry };
  /** A turn began or ended. One that was cut off begins again, with the next attempt. */
  turn: {
    facts: { state: "started" | "done" | "failed" | "cancelled"; attempt: number; code?: string };
    about: Turn;
  };
  /** A send came to an end, or more became known of one that had. */
  sent: {
    facts: { state: "stored" | "delivered" | "not_sent" | "unknown"; code?: string };
    about: OutboxItem;
  };
  /** A draft waits for an owner, or does so no more. */
  draft: { facts: { state: "held" | "overtaken" | "sent" | "dropped" | "expired" }; about: Draft };
  /** People are asked something by an agent, or are so no more. */
  question: { facts: Pick<Question, "state" | "kind">; about: Question };
  /** A stranger was offered a code, or somebody decided on that. */
  pairing: { facts: { state: "requested" | "approved" | "denied" }; about: Omit<PairingRequest, "code"> };
  /** An account's connection to Messages changed. */
  health: { facts: ConnectionState; about: never };
}

/** How an account's connection to Messages is. */
export interface ConnectionState {
  /** As the bridge names it, e.g. `live`. */
  state: string;
  /** What made it so, where something went wrong. */
  error?: { code: string; message: string };
}

/** What kinds of events are kept. */
export type KeptEventType = keyof EventsByType;

/** Something that happened (behaviour 20.1a). */
export type KeptEvent<Type extends KeptEventType = KeptEventType> = {
  [Each in Type]: {
    /** Rises from event to event, in the order of their commits; also across restarts. */
    id: number;
    account: string;
    /** When it happened, milliseconds since the epoch. */
    at: number;
    /** Key of the chat, e.g. `chat:7`; absent where there is none, and where its person was forgotten. */
    chat?: string;
    type: Each;
    facts: EventsByType[Each]["facts"];
    /** Absent where there is none, or none any more; without its words where those were forgotten (behaviour 14, 18.3e). */
    about?: EventsByType[Each]["about"];
  };
}[Type];

/** Which events are read; all conditions must hold. */
export interface EventFilter {
  /** At most so many. */
  limit: number;
  types?: readonly KeptEventType[];
  /** Keys of chats; with it come only events of a chat. */
  chats?: readonly string[];
  accounts?: readonly string[];
}

/** What was read. */
export interface EventPage {
  /** Oldest first. */
  events: KeptEvent[];
  /** Where to read on: everything up to it was looked at. */
  cursor: number;
  /**
   * Events after the reader's cursor are not there any more, or were never written: those up to this id are not all told.
   * What is left of them is in the page.
   */
  gap?: { upTo: number };
}

/** Somebody who reads the events, for whom they are kept. */
export interface EventReader {
  name: string;
  /** What it has read. */
  cursor: number;
  /** When it began to read, milliseconds since the epoch. */
  since: number;
  /** What it noted beside. */
  memory?: unknown;
}

/**
 * What happened, in the order of the commits. Each event is written with its change, in the same commit, while there is a
 * reader; without one nothing is.
 */
export interface EventLog {
  /**
   * Events are kept from now on, for this reader too. One that was known goes on where it was.
   * @returns the reader; a new one has read everything up to now
   */
  follow(reader: string, at: number): Promise<EventReader>;
  /** A reader is no more. Without any other nothing is written from now on. */
  unfollow(reader: string): Promise<void>;
  /** All readers, by name. */
  readers(): Promise<EventReader[]>;
  /**
   * Notes how far a reader is.
   * @param memory replaces what it noted, where it is given
   * @returns false, with nothing changed, where the reader is no more, or not where it was read from
   */
  advance(reader: string, cursor: number, memory?: unknown, from?: number): Promise<boolean>;
  /** The cursor behind which everything lies that happened at a time or later. @param at milliseconds since the epoch */
  cursorAt(at: number): Promise<number>;
  /** What came after a cursor. A cursor that this state never gave has everything that is kept before it, with a gap. */
  after(cursor: number, filter: EventFilter): Promise<EventPage>;
  /** How many events `after` has behind a cursor, of all kinds; ids that nothing has do not count. */
  countAfter(cursor: number): Promise<number>;
  /** The cursor behind the newest event. */
  newest(): Promise<number>;
  /** Keeps that an account's connection changed, which no other part of the state holds. */
  noteHealth(account: string, health: ConnectionState, at: number): Promise<void>;
  /** Removes events that are older, and notes the gap. @param before milliseconds since the epoch @param rest between pieces of it @returns how many */
  forget(before: number, rest?: Rest): Promise<number>;
}
