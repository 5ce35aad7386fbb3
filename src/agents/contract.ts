import type { Envelope } from "../conversation/index.js";
import type { TapbackError } from "../platform/index.js";

/** What an agent may do in Messages while its turn runs; bound to the conversation of that turn. */
export interface MessageTool {
  /**
   * Runs one action of behaviour 11, e.g. `react`, `reply`, `sendWithEffect`.
   * @returns the action's facts, or an error whose code the agent can decide on
   */
  act(
    action: string,
    parameters: Record<string, unknown>,
  ): Promise<{ ok: true; value: Record<string, unknown> } | { ok: false; error: TapbackError }>;
  /** Names of the actions that are on offer in this conversation now. */
  offered(): string[];
}

/** Messages that are sent later, durably, into the conversation of the turn. */
export interface ScheduleTool {
  /** @param dueAt milliseconds since the epoch @returns the id of the scheduled message */
  add(dueAt: number, text: string): Promise<string>;
  list(): Promise<{ id: string; dueAt: number; text: string }[]>;
  cancel(id: string): Promise<boolean>;
}

/** All that a runtime is given for one turn. */
export interface AgentTurn {
  envelope: Envelope;
  /** 1 for the first run; higher when an earlier run was cut off by a crash. */
  attempt: number;
  /** What this agent stored for the session at the end of its last turn; undefined in a new session. */
  session: unknown;
  message: MessageTool;
  schedule: ScheduleTool;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** What a runtime reports while a turn runs. */
export type AgentEvent =
  /** One block of the answer, Markdown; `media` are absolute paths of files to send with it. */
  | { type: "text"; text: string; media?: string[] }
  /** What the session remembers from now on; stored with the turn's end, in one commit with the replies. */
  | { type: "session"; session: unknown }
  /** For the log and `explain`, never for the chat. */
  | { type: "note"; text: string };

/**
 * A runtime that answers turns. It knows nothing of iMessage. A turn fails when the iteration throws; a turn that ends
 * without text sends nothing (behaviour 6.3).
 */
export interface Agent {
  run(turn: AgentTurn, signal: AbortSignal): AsyncIterable<AgentEvent>;
  /** Forgets what the runtime itself keeps of a session (a child, a remote session). */
  reset(sessionKey: string): Promise<void>;
  /** Ends every child and connection. */
  close(): Promise<void>;
}
