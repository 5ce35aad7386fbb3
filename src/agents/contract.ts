import type { Envelope } from "../conversation/index.js";
import type { Result, TapbackError } from "../platform/index.js";

/** What an agent may do in Messages while its turn runs; bound to the conversation of that turn. */
export interface MessageTool {
  /**
   * Runs one action of behaviour 11, e.g. `react`, `reply`, `sendWithEffect`.
   * @returns the action's facts, or an error whose code the agent can decide on
   */
  act(
    action: string,
    parameters: Record<string, unknown>,
  ): Promise<Result<Record<string, unknown>, TapbackError>>;
  /** The actions that are on offer in this conversation now. */
  offered(): OfferedAction[];
  /** The actions that the turn began so far, also in runs that a crash cut off, oldest first. */
  begun(): Promise<BegunAction[]>;
}

/** An action that was begun: what a file held is told by its hash. */
export interface BegunAction {
  action: string;
  parameters: Record<string, unknown>;
  state: "running" | "done" | "failed" | "unknown";
}

/** An action as a model is told of it. */
export interface OfferedAction {
  name: string;
  /** It only looks: nobody sees anything of it. */
  looks?: true;
  parameters: OfferedParameter[];
}

/** One parameter of an action; those of one name mean the same in all actions. */
export interface OfferedParameter {
  name: string;
  type: "string" | "integer" | "boolean" | "strings";
  about: string;
  isRequired: boolean;
}

/** How something is scheduled beside its time and its text. */
export interface SchedulePlan {
  /** A cron line of five fields, on the clock of the turn's zone; absent: it comes once. */
  repeat?: string | undefined;
  /** Whether the text is a question that the agent answers in a turn then; else it is sent as it stands. */
  turn?: boolean | undefined;
}

/** One thing that waits for its time. */
export interface ScheduledEntry {
  id: string;
  /** Milliseconds since the epoch. */
  dueAt: number;
  text: string;
  repeat?: { cron: string; zone: string } | undefined;
  turn?: boolean | undefined;
  /** Who made it: a name or a handle. */
  by?: string | undefined;
}

/** Messages that are sent later and turns that run later, durably, in the conversation of the turn. */
export interface ScheduleTool {
  /**
   * @param dueAt of the first run, milliseconds since the epoch
   * @returns the id
   * @throws `SCHEDULE_FULL`
   */
  add(dueAt: number, text: string, plan?: SchedulePlan): Promise<string>;
  /** Those of this conversation that wait, the next one first. */
  list(): Promise<ScheduledEntry[]>;
  /** @returns false when it does not wait (any more), or belongs to another conversation */
  cancel(id: string): Promise<boolean>;
}

/** A question with choices (behaviour 18.2). */
export interface AskedChoice {
  question: string;
  /** 2 to 12, all different. */
  options: string[];
  /** Whoever wrote what the turn answers, in its conversation, or an owner. */
  who: "chat" | "owner";
  timeoutSeconds: number;
  /** Words that are none of the options are an answer too. */
  other: boolean;
}

/** What a question came to. */
export type ChosenAnswer =
  /** `number` is its place among the options, from 1; `by` is a handle. */
  { choice: string; number: number; by: string } | { words: string; by: string } | { expired: true };

/** Asks people while the turn waits. */
export interface AskTool {
  /**
   * Puts a question; what an earlier run of the turn was answered to the same question is given back at once.
   * @throws `ACTION_UNAVAILABLE` where nobody can be asked, `NO_TURN` when the turn ended before
   */
  ask(asked: AskedChoice): Promise<ChosenAnswer>;
}

/** One message of a conversation's past, as an agent's tools show it. */
export interface HistoryEntry {
  /** Name or handle; `me` for what was sent from here. */
  sender: string;
  text: string;
  /** ISO 8601, UTC. */
  sentAt: string;
}

/** The past of the turn's conversation, and of no other (behaviour 6.1 `llm`, 6.6). */
export interface HistoryTool {
  /** @param limit at most so many @returns newest last */
  recent(limit: number): Promise<HistoryEntry[]>;
  /** Messages that hold the words, newest last. */
  search(query: string, limit: number): Promise<HistoryEntry[]>;
}

/** How a client reaches the gateway's MCP server for one session (behaviour 6.6). */
export type McpEndpoint =
  | { type: "stdio"; name: string; command: string; args: string[]; env: Record<string, string> }
  | { type: "http"; name: string; url: string; headers: Record<string, string> };

/** The gateway's own MCP server, as an ACP agent is handed it for a proof. */
export interface ToolsProof {
  endpoint: McpEndpoint;
  /** Whether the agent has asked it for its tools. */
  listed(): Promise<boolean>;
}

/** MCP servers for agents that bring their own loop, and for whom they act. */
export interface McpAccess {
  /**
   * The conversation and the rights of this turn, as one key. A connection that was opened for another is refused in this
   * turn, so an agent that keeps connections opens new ones when it changes (behaviour 6.6, 10.3a).
   */
  actsFor: string;
  /**
   * Hands the session's servers out; those that were handed out before are refused from now on.
   * @param lasts whether later turns that act for the same may use them too; else they end with this turn
   */
  open(lasts: boolean): McpEndpoint[];
  /** Settles when somebody asked which tools there are, over the servers that were handed out last. */
  listed(): Promise<void>;
}

/** What the same owner wrote while the turn runs. */
export interface FurtherMessage {
  envelope: Envelope;
  /**
   * To be called once the agent has it: it is answered with this turn from now on.
   * @returns false when it is not part of this turn, because it was stopped or the turn is over
   */
  taken(): Promise<boolean>;
  /** The agent would not take it after all: it gets a turn of its own, and its sender is told that it waits. */
  refused(): Promise<void>;
}

/** How what is written during a turn gets into it (behaviour 5.4a). */
export interface Steering {
  /**
   * Says, once, whether the agent takes further messages in this turn.
   * @param onMessage called whenever one may wait; absent: the agent takes none
   */
  listen(onMessage?: () => void): void;
  /** The message that waits next, if it may join this turn. What is not taken before the turn's end gets a turn of its own. */
  next(): Promise<FurtherMessage | undefined>;
}

/** Which of its tools an agent has in a turn, by the people whose words it answers (behaviour 18.3). */
export interface ToolRights {
  /** @param tool the name under which a model calls it */
  mayUse(tool: string): boolean;
  /** The same text for the same rights. */
  readonly key: string;
}

/** All that a runtime is given for one turn. */
export interface AgentTurn {
  envelope: Envelope;
  /** 1 for the first run; higher when an earlier run was cut off by a crash. */
  attempt: number;
  /** What this agent stored for the session at the end of its last turn; undefined in a new session. */
  session: unknown;
  /** What is not among them is neither offered nor done, whatever way it is asked for. */
  rights: ToolRights;
  message: MessageTool;
  schedule: ScheduleTool;
  ask: AskTool;
  /** Absent where the account cannot read its history. */
  history?: HistoryTool;
  /** Absent where no MCP server can be started. */
  mcp?: McpAccess;
  /**
   * A private folder, absolute, made by who first writes there; it lives until the turn is over (behaviour 6.5a). What is
   * sent from it is copied before.
   */
  temporaryFolder?: string;
  /** Absent where nothing can be written during the turn. */
  steering?: Steering;
  /** Milliseconds since the epoch. */
  now(): number;
  /** IANA name of the zone of a time of day that people name (behaviour 6.6a). */
  zone: string;
}

/** One answer that a permission request allows. */
export interface PermissionOption {
  id: string;
  name: string;
  kind: "allow_once" | "allow_always" | "reject_once" | "reject_always";
}

/** What a runtime reports while a turn runs. */
export type AgentEvent =
  /**
   * One block of the answer, Markdown; `media` are absolute real paths of files to send with it, `replyTo` asks for a
   * threaded reply to a message by its id, or to the one at hand.
   */
  | { type: "text"; text: string; media?: string[]; replyTo?: { id?: string } }
  /**
   * All of the answer was reported, at most once: the turn's time limit does not count from here on. What the agent does
   * for its session after that has a bound of its own.
   */
  | { type: "answered" }
  /** What the session remembers from now on; stored with the turn's end, in one commit with the replies. */
  | { type: "session"; session: unknown }
  /**
   * The agent asks whether it may do something; the turn waits. `answer` takes an option's id, or undefined for a
   * denial (refused, expired: then nobody answered); only the first call counts, and a turn that ends denies what is open.
   * `title` is a line for lists, `details` all the rest of what would be done, whole.
   */
  | {
      type: "permission";
      id: string;
      title: string;
      details: string;
      options: PermissionOption[];
      answer(optionId: string | undefined, isUnanswered?: boolean): void;
    }
  /** What the turn cost so far in tokens; each event adds to those before it. */
  | { type: "usage"; model: string; inputTokens: number; outputTokens: number; cachedInputTokens: number }
  /** For the log and `explain`, never for the chat; `isLimit`: the agent ended at a limit of its own, which the text tells. */
  | { type: "note"; text: string; isLimit?: true };

/** A session that a runtime keeps a process for, for `status` and `/acp sessions`. */
export interface AgentSession {
  sessionKey: string;
  /** The runtime's own id of the session, once it is open. */
  id?: string;
  pid: number;
  /** Whether a turn runs in it. */
  busy: boolean;
}

/**
 * A runtime that answers turns. It knows nothing of iMessage. A turn fails when the iteration throws; a turn that ends
 * without text sends nothing (behaviour 6.3). When the iteration is left early or the signal aborts, everything that
 * the turn started is ended.
 */
export interface Agent {
  /** It says of each turn whether further messages can join it (see {@link Steering}); absent: they never can. */
  readonly canSteer?: true;
  /** Answers one turn. @param signal aborts when the turn is stopped or its time is up; it may have before */
  run(turn: AgentTurn, signal: AbortSignal): AsyncIterable<AgentEvent>;
  /** Forgets what the runtime itself keeps of a session (a child, a remote session). */
  reset(sessionKey: string): Promise<void>;
  /** Ends every child and connection. */
  close(): Promise<void>;
  /** What runs now; only runtimes that keep processes between turns have it. */
  sessions?(): AgentSession[];
}
