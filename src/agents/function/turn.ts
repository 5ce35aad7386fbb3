import type { Envelope } from "../../conversation/index.js";
import type { AskedChoice, BegunAction, ChosenAnswer } from "../contract.js";
import type { ReadableFile } from "../envelope-files.js";

/** One turn, as an agent sees it that is a function (behaviour 17.10a). */
export interface FunctionTurn {
  /** What was written, with what it answers: what a plain agent should read. */
  readonly text: string;
  /** Who wrote it. */
  readonly sender: Envelope["sender"];
  /** Where it was written. */
  readonly chat: Envelope["chat"];
  /** The files that came with it and can be read. */
  readonly files: readonly ReadableFile[];
  /** All that is known of the turn, as every runtime gets it. */
  readonly envelope: Envelope;
  /** 1 for the first run; higher when an earlier run was cut off by a crash. */
  readonly attempt: number;
  /** What this agent remembered of the session; undefined in a new one. */
  readonly session: unknown;
  /** A folder of this turn's own, absolute: files that lie there may be sent. Absent where there is none; not made yet. */
  readonly temporaryFolder: string | undefined;
  /** Aborts when the turn is stopped, or its time is up. */
  readonly signal: AbortSignal;
  /**
   * What the session remembers from now on, as JSON has it; kept with the turn's end, together with the replies.
   * @throws `AGENT_OUTPUT` for what JSON does not have
   */
  remember(session: unknown): void;
  /**
   * Says a block of the answer, Markdown, before what the function returns.
   * @param files paths of files to send with it, in the workspace or the turn's own folder
   */
  say(text: string, files?: readonly string[]): void;
  /**
   * Runs an action in Messages, e.g. `react`, or another of the tools that every runtime has (behaviour 6.5b, 11).
   * @returns what it came to
   * @throws a `TapbackError`, on whose code one can decide; also when the turn is over
   */
  act(action: string, parameters?: Record<string, unknown>): Promise<unknown>;
  /**
   * The actions that this turn began so far, also in runs that a crash cut off, oldest first: a run that would do them in other
   * words can leave them as they are.
   */
  begun(): Promise<readonly BegunAction[]>;
  /**
   * Puts a question with 2 to 12 choices to whoever wrote, or to an owner, and waits for the answer; the turn's time stands still
   * meanwhile. A turn that runs again after a crash gets the answer that was given (behaviour 18.2).
   * @throws a `TapbackError`, e.g. `ACTION_UNAVAILABLE` where nobody can be asked
   */
  ask(question: string, options: readonly string[], how?: AskOptions): Promise<ChosenAnswer>;
  /** Notes something for the log and `explain`, never for the chat. */
  note(text: string): void;
  /** Waits by the gateway's clock. @param ms milliseconds @returns false when the turn ended before */
  readonly sleep: (ms: number) => Promise<boolean>;
}

/** How a question is put: to `chat` for 300 seconds, and by its choices alone, when absent. */
export type AskOptions = Partial<Pick<AskedChoice, "who" | "timeoutSeconds" | "other">>;

/**
 * The answer of a function: a text, or its blocks: messages of their own with `streaming: "block"`, else the paragraphs of one.
 * Nothing is sent for an empty one. All of it is at most a megabyte.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing answers nothing.
export type FunctionAnswer = string | undefined | void | readonly string[] | AsyncIterable<string>;

/** An agent as a function of its turn. What it throws fails the turn, and is never sent to anybody but an owner. */
export type FunctionAgent = (turn: FunctionTurn) => FunctionAnswer | Promise<FunctionAnswer>;
