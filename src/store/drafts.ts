import type { StyledRun, Target } from "../conversation/index.js";
import type { NewOutboxItem, OutboxItem } from "./outbox.js";

/**
 * `open → held → sent | dropped | expired | overtaken` (behaviour 18.1). While its turn runs a draft is `open`: it gathers what
 * the turn would send. One that a newer message overtook stays `held`, marked so; `overtaken` is one that nobody decided then.
 */
export type DraftState = "open" | "held" | "sent" | "dropped" | "expired" | "overtaken";

export interface NewDraft {
  /** As people type it; the question about it has the same. */
  id: string;
  account: string;
  /** What it comes from: a turn, or one time of a schedule. With its chat this names the draft, however often that runs. */
  madeBy: string;
  turnId?: string | undefined;
  agentId: string;
  /** The conversation that it is for. */
  target: Target;
  chatKey: string;
  /** That conversation as people read it. */
  to: string;
  /** Nobody was let in there: the yes is the approval of this one message (behaviour 10.3a). */
  approves: boolean;
  /** The owner whose turn makes it, in normal form; absent where somebody else's does. */
  forOwner?: string | undefined;
}

export interface Draft extends NewDraft {
  state: DraftState;
  openedAt: number;
  heldAt?: number;
  /** It is dropped then. */
  expiresAt?: number;
  /** When somebody wrote in its chat after what it answers. */
  overtakenAt?: number;
  endedAt?: number;
  /** Handle of the owner who decided, or `command line`. */
  decidedBy?: string;
  /** Its texts as the agent wrote them, where an owner gave it others. */
  drafted?: string[];
  /** What it would send and do, in this order. */
  parts: OutboxItem[];
}

/** A draft that is complete, with what asks owners about it. */
export interface HeldDraft {
  id: string;
  expiresAt: number;
  /** One line that names it in a list of questions. */
  title: string;
  asked: NewOutboxItem[];
  /** What is said without being the question: a plain answer in the chat says nothing to it. */
  told?: NewOutboxItem[];
}

/** One message of the words that an owner gives a draft. */
export interface DraftWords {
  text: string;
  runs?: StyledRun[];
}

/** What an owner says about a draft. */
export interface DraftDecision {
  sends: boolean;
  by: string;
  /** Goes in the place of its texts. */
  words?: DraftWords[];
  /** What its agent is told at its next turn there. */
  tell: string;
}

export interface DraftStore {
  /**
   * Opens the draft of a turn in a chat, or finds it.
   * @returns it; undefined when its id is taken: nothing is kept then
   */
  open(draft: NewDraft, at: number): Promise<Draft | undefined>;
  /** One draft, whatever became of it. */
  get(id: string): Promise<Draft | undefined>;
  /** What a turn made, oldest first. */
  ofTurn(turnId: string): Promise<Draft[]>;
  /** Drafts of an account, or of all, newest first. @param filter.states none: all */
  list(filter: { account?: string | undefined; states?: DraftState[]; limit: number }): Promise<Draft[]>;
  /**
   * Carries out what an owner says, once: the parts of a held draft wait to be sent from then on, or end; its question ends
   * with it.
   * @returns false when it is not held (any more)
   */
  decide(id: string, decision: DraftDecision, at: number): Promise<boolean>;
  /**
   * Gives a held draft other words, which are asked about anew.
   * @returns false when it is not held (any more)
   */
  reword(
    id: string,
    words: DraftWords[],
    held: Pick<HeldDraft, "title" | "asked" | "told">,
    at: number,
  ): Promise<boolean>;
  /**
   * Ends a held draft that nobody decided in time, with the news of it.
   * @returns how it ended; undefined when it is not held (any more)
   */
  expire(
    id: string,
    told: { items: NewOutboxItem[]; tell: string },
    at: number,
  ): Promise<"expired" | "overtaken" | undefined>;
  /** Marks a held draft as overtaken, with the news of it, once. @returns whether it was marked now */
  overtake(id: string, told: NewOutboxItem[], at: number): Promise<boolean>;
  /** Held drafts that are not marked, in whose chat somebody wrote after what they answer. @param account default: all */
  overtaken(account?: string): Promise<Draft[]>;
  /** When the next held draft expires; undefined where none does, for a vote on it counts in a moment. */
  nextExpiry(): Promise<number | undefined>;
  /** Held drafts whose time is over. */
  due(at: number): Promise<Draft[]>;
}
