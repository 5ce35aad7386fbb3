import type { GateStep, Refusal } from "../conversation/index.js";
import type { Claim } from "./claim.js";
import type { NewOutboxItem } from "./outbox.js";
import type { Usage } from "./usage.js";

/** A person whose words a turn answers, and what is left to them on one day (behaviour 18.3b). */
export interface Allowed {
  /** Who wrote, in normal form. */
  handle: string;
  /** All handles of the person, that one among them: what each of them had counts together. */
  handles: readonly string[];
  /** Most turns of a day; absent: no limit. */
  turns?: number;
  /** Most tokens of a day, read and written; absent: no limit. */
  tokens?: number;
}

/** A limit that a person has reached. `unknown`: a turn of the day did not tell its tokens, and no number of turns bounds them. */
export interface Reached {
  handle: string;
  kind: "turns" | "tokens" | "unknown";
  limit: number;
  /** How much of it was used; turns where the tokens are not known. */
  used: number;
}

/** What becomes of a turn that is not begun. */
export interface LimitAnswer {
  /** What its rows are told with in `explain`. */
  refusal: Refusal;
  step: GateStep;
  /** For the conversation, where the person was not told on that day yet. */
  reply?: NewOutboxItem;
  /** For the owners, at the same time. */
  notices: NewOutboxItem[];
}

/** A turn that would begin. */
export interface Beginning {
  /** The day that it counts for, `2026-05-09` in the machine's zone. */
  day: string;
  people: readonly Allowed[];
  /** Asked inside the transaction where a limit is reached: it only makes texts. */
  answer: (reached: Reached) => LimitAnswer;
}

/**
 * What became of it: it `runs` and is counted; it `waits` until another turn of a person with a limit of tokens has told its
 * own; it is `refused`, and has ended.
 */
export type Admittance = "runs" | "waits" | "refused" | "lost";

/** A turn that has begun, as it is counted. */
export interface CountedTurn {
  /** The day on which it first began, `2026-05-09` in the machine's zone. */
  day: string;
  agentId: string;
  /** Handles of those whose words it answered; nobody where they were forgotten. */
  people: string[];
  /** It only read along: nobody asked for it, and it counts for nobody's limit. */
  listening?: true;
  /** What it cost, nothing where its agent was not asked; absent where nobody told, or not yet. */
  usage?: Usage[];
  /** From its queueing to its end, milliseconds; absent while it goes on, and where it did not end well. */
  tookMs?: number;
}

export interface AllowanceStore {
  /**
   * Lets a claimed turn begin, or not: it is judged and counted in one commit, so that turns side by side never go beyond a
   * limit. A turn that was let begin before its process died is not judged or counted again. One that reads along is in
   * nobody's count.
   */
  admit(claim: Claim, beginning: Beginning, at: number): Promise<Admittance>;
  /**
   * The turns that have begun, of all accounts, oldest first.
   * @param since the first day
   * @param handles only those that answered one of them; absent: everybody's
   */
  counted(since: string, handles?: readonly string[]): Promise<CountedTurn[]>;
}
