import type { Envelope } from "../../conversation/index.js";
import type { ReadableFile } from "../envelope-files.js";

/** One turn, as an agent sees it that is a function (behaviour 22.1). */
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
  /** What the session remembers from now on; kept with the turn's end, together with the replies. */
  remember(session: unknown): void;
  /**
   * Says a block of the answer, Markdown, before what the function returns.
   * @param files paths of files to send with it, in the workspace or the turn's own folder
   */
  say(text: string, files?: readonly string[]): void;
  /**
   * Runs an action in Messages, e.g. `react`, or another of the tools that every runtime has (behaviour 6.5b, 11).
   * @returns what it came to
   * @throws a `TapbackError`, on whose code one can decide
   */
  act(action: string, parameters?: Record<string, unknown>): Promise<unknown>;
  /** Notes something for the log and `explain`, never for the chat. */
  note(text: string): void;
  /** Waits by the gateway's clock. @param ms milliseconds @returns false when the turn ended before */
  readonly sleep: (ms: number) => Promise<boolean>;
}

/** The answer of a function: a text, or its blocks one after the other; nothing is sent for an empty one. */
// biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing answers nothing.
export type FunctionAnswer = string | undefined | void | AsyncIterable<string>;

/** An agent as a function of its turn. What it throws fails the turn, and is never sent to anybody but an owner. */
export type FunctionAgent = (turn: FunctionTurn) => FunctionAnswer | Promise<FunctionAnswer>;
