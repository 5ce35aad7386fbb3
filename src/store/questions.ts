import type { NewOutboxItem } from "./outbox.js";

/** One answer that a question allows. */
export interface QuestionOption {
  id: string;
  name: string;
  kind: "allow_once" | "allow_always" | "reject_once" | "reject_always";
}

/** What a question is about: whether an agent may do something (behaviour 6.5), or whether a draft is sent (18.1). */
export type QuestionKind = "permission" | "draft";

/** Something that an owner is asked; the turn of a permission request waits for the answer. */
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
}

/** `open → answered | expired | closed`; `closed` when its turn ended without an answer. */
export type QuestionState = "open" | "answered" | "expired" | "closed";

export interface Question extends NewQuestion {
  state: QuestionState;
  /** Name of the option that was chosen. */
  choice?: string;
  /** Handle of the owner who answered. */
  answeredBy?: string;
  endedAt?: number;
}

/** Where a question was asked: by a message, or else as an open one or the last thing said in a chat. */
export interface AskedIn {
  guid?: string | undefined;
  /** The message there is words of any kind, which only a draft takes for an answer: better words (behaviour 18.1). */
  isFree?: boolean | undefined;
  /**
   * A chat, and when the answer was written there: what was asked later it does not answer (behaviour 6.5). A plain word means
   * only the question that alone is open in the chat; people say such words about anything.
   */
  chat?: { keys: readonly string[]; writtenAt: number; isWord?: boolean } | undefined;
}

export interface QuestionStore {
  /**
   * Commits a question together with the messages that ask it, one per chat.
   * @returns false when its id is taken: nothing is kept then
   */
  ask(question: NewQuestion, asked: NewOutboxItem[]): Promise<boolean>;
  /** Ends an open question. @returns false when it is not open (any more) */
  end(
    id: string,
    state: Exclude<QuestionState, "open">,
    at: number,
    answer?: { choice: string; by: string },
  ): Promise<boolean>;
  /** Closes every open permission request: the turns that asked died with an earlier process. @returns how many */
  abandon(at: number): Promise<number>;
  /** One question, whatever became of it. */
  get(id: string): Promise<Question | undefined>;
  /** Those that wait for an answer in one of these chats, oldest first. */
  open(account: string, chatKeys: string[]): Promise<Question[]>;
  /**
   * The questions that may be meant there: the one that the message asked, whatever became of it; else all that are open in
   * the chat, if one of them was asked before; else the one that was the last thing said.
   */
  asked(account: string, where: AskedIn): Promise<Question[]>;
}
