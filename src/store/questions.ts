import type { NewOutboxItem } from "./outbox.js";

/** One answer that a question allows: those of an agent's own question are its `choice`s, and `words` that fit none of them. */
export interface QuestionOption {
  id: string;
  name: string;
  kind: "allow_once" | "allow_always" | "reject_once" | "reject_always" | "choice" | "words";
}

/**
 * What a question is about: whether an agent may do something (behaviour 6.5), whether a draft is sent (18.1), or what an
 * agent wants to know (18.2).
 */
export type QuestionKind = "permission" | "draft" | "ask";

/** Something that people are asked; the turn of all but a draft waits for the answer. */
export interface NewQuestion {
  /** As people type it after `/approve`; that of a draft is the draft's. */
  id: string;
  kind: QuestionKind;
  account: string;
  turnId: string;
  sessionKey: string;
  title: string;
  options: QuestionOption[];
  askedAt: number;
  expiresAt: number;
  /** Who may answer beside owners, handles in normal form; absent: owners alone. */
  answerers?: string[];
  /** Words that are no choice are an answer too: in reply to the question, or `plain`, whatever its person writes in the chat. */
  words?: "reply" | "plain";
  /** Names it among all that its turn asks, however often that runs; absent where it is not asked by a tool. */
  occasion?: string;
}

/** A vote that counts when its time is over and it is not changed before (behaviour 18.2). */
export interface QuestionVote {
  /** Id of the option. */
  option: string;
  /** Who voted, in normal form. */
  by: string;
  /** The conversation in which that was. */
  chat: Pick<NewOutboxItem, "target" | "chatKey" | "chatGuid">;
  /** When it counts, milliseconds since the epoch. */
  settlesAt: number;
}

/** What somebody voted; without an option the vote is taken back. */
export type GivenVote = Pick<QuestionVote, "by" | "chat"> & { option?: string | undefined };

/** `open → answered | expired | closed`; `closed` when its turn ended without an answer. */
export type QuestionState = "open" | "answered" | "expired" | "closed";

export interface Question extends NewQuestion {
  state: QuestionState;
  /** Name of the option that was chosen. */
  choice?: string;
  /** Handle of who answered. */
  answeredBy?: string;
  endedAt?: number;
  vote?: QuestionVote;
  /** It was found by a message that shows a draft as it read before an owner gave it other words (behaviour 18.1). */
  asShownBefore?: true;
}

/** A question that waits, as whoever answers it reads it. */
export interface WaitingQuestion extends Question {
  /** The messages that ask it, in the first of the conversations in which it was asked. */
  texts: string[];
}

/** Who answers a question. */
export interface Answerer {
  /** In normal form. */
  handle: string;
  /** An owner answers whatever is asked of owners, and by its name what others are asked. */
  isOwner: boolean;
}

/** When something was written: by the number of its row, and by the clock where that does not tell. */
export interface WrittenAt {
  rowId: number;
  /** Milliseconds since the epoch. */
  writtenAt: number;
}

/** Where a question was asked: by a message, or else as an open one or the last thing said in a chat. */
export interface AskedIn {
  guid?: string | undefined;
  /** The message there is words of any kind, which only a draft takes for an answer: better words (behaviour 18.1). */
  isFree?: boolean | undefined;
  /** Who answers; absent: an owner who was asked. */
  by?: Answerer | undefined;
  /**
   * Whether what is written there is an answer to a question at all; absent: to any.
   * @param isAlone it is the only one that is open for whoever wrote it there
   */
  fits?: ((question: Question, isAlone: boolean) => boolean) | undefined;
  /** Whether a question that is answered was answered with what is written there; absent: it was not. */
  gave?: ((question: Question) => boolean) | undefined;
  /**
   * A chat, and the row and time of the answer there: what was asked later it does not answer (behaviour 6.5). Words mean
   * only what is open there; `other` ones mean each question that they fit, whatever else is open.
   */
  chat?: (WrittenAt & { keys: readonly string[]; words?: "choice" | "other" | undefined }) | undefined;
}

export interface QuestionStore {
  /**
   * Commits a question together with the messages that ask it, one per chat.
   * @param run the run of its turn that asks, counted as attempts are; absent: nobody's
   * @returns false when its id is taken: nothing is kept then
   * @throws (rejects) `NO_TURN` when the turn is over, was ended by somebody, or another run of it has begun, here or elsewhere
   */
  ask(question: NewQuestion, asked: NewOutboxItem[], run?: number): Promise<boolean>;
  /** Ends an open question. @returns false when it is not open (any more) */
  end(
    id: string,
    state: Exclude<QuestionState, "open">,
    at: number,
    answer?: { choice: string; by: string },
  ): Promise<boolean>;
  /**
   * Keeps the vote that somebody gave to an open question, or takes it back. The first vote says when it counts; until then
   * its voter may change it, and nobody else's counts.
   * @param settlesAt when it counts, milliseconds since the epoch
   * @returns false when the question is not open (any more), or somebody else has voted
   */
  vote(id: string, vote: GivenVote, settlesAt: number): Promise<boolean>;
  /** Questions with a vote that counts by then, whatever became of them, the first one first. */
  votesDue(at: number): Promise<Question[]>;
  /** When the next vote counts; undefined where none waits. */
  nextVote(): Promise<number | undefined>;
  /** Forgets a vote that was carried out, with what is said about it, in one commit; nothing where it is not there any more. */
  voted(id: string, said: NewOutboxItem[], at: number): Promise<void>;
  /** What a turn asked, or asks, on an occasion. */
  ofTurn(turnId: string, occasion: string): Promise<Question | undefined>;
  /** Closes what a turn asks on other occasions than these: a later run of it asks something else. */
  closeOthers(turnId: string, occasions: readonly string[], at: number): Promise<void>;
  /**
   * Closes open permission requests that nobody waits for: whoever ran the turns that asked died. What an agent asked by a tool
   * stays open until its turn has ended: a turn that runs again asks it again.
   * @param turnId only those of this turn, which begins to run again; absent: all of turns that do not run now
   * @returns how many
   */
  abandon(at: number, turnId?: string): Promise<number>;
  /** One question, whatever became of it. */
  get(id: string): Promise<Question | undefined>;
  /** All that agents asked and that wait for an answer, of every account, oldest first; drafts have a list of their own. */
  waiting(): Promise<WaitingQuestion[]>;
  /** Those that wait for an answer in one of these chats, oldest first. */
  open(account: string, chatKeys: string[]): Promise<Question[]>;
  /**
   * The questions that may be meant there: the one that the message asked, whatever became of it; else all that are open in
   * the chat, if one of them was asked before; else the one that was the last thing said.
   */
  asked(account: string, where: AskedIn): Promise<Question[]>;
}
