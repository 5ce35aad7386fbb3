import type { ModelProvider } from "../config/index.js";
import type { Clock } from "../platform/index.js";
import type { ChannelSessions } from "./channel/sessions.js";
import type { ChildRecords } from "./process/child-records.js";

/** How an agent is run: `agents.list[].runtime` (behaviour 6.1), by its shape so that this room needs no schema. */
export type RuntimeSettings =
  | DemoSettings
  | CommandSettings
  | HttpSettings
  | AcpRuntime
  | LlmSettings
  | ChannelSettings;

export interface DemoSettings {
  type: "demo";
}

export interface CommandSettings {
  type: "command";
  /** Program; `~` is the home folder. */
  command: string;
  args?: string[];
  /** Added to the gateway's environment. */
  env?: Record<string, string>;
  /** Unset: the agent's workspace. */
  cwd?: string;
  /** Whether stdout is the answer as text, or one event per line. Default `text`. */
  output?: "text" | "jsonl";
}

export interface HttpSettings {
  type: "http";
  url: string;
  /** Key with which requests are signed. */
  secret?: string;
  /** Added to each request. */
  headers?: Record<string, string>;
}

export interface AcpRuntime {
  type: "acp";
  acp: {
    /** A known name, e.g. `codex`; `command` wins over it. */
    agent?: string;
    command?: string;
    args?: string[];
    env?: Record<string, string>;
    /** Unset: the agent's workspace. */
    cwd?: string;
    /** `oneshot` begins a session with every turn. Default `persistent`. */
    mode?: "persistent" | "oneshot";
    backend?: "acpx" | "direct";
    /** Chosen in each session where the agent offers it, by id or name. */
    model?: string;
    sessionMode?: string;
    /** Whether the agent may use the gateway's file methods, inside `cwd`. Default `none`. */
    files?: "none" | "read" | "write";
    /** Whether it may use the gateway's terminal methods, inside `cwd`. Default false. */
    terminal?: boolean;
    /** An unanswered permission request is denied after this. Default 300. */
    permissionTimeoutSeconds?: number;
    /** How long the agent may take to answer `initialize`. Default 120: a first start may download it. */
    startTimeoutSeconds?: number;
    /** An unused process is closed after this. Default 600. */
    idleSeconds?: number;
    /** Default 8. */
    maxProcesses?: number;
  };
}

export interface ChannelSettings {
  type: "channel";
  /** Whether one session may answer several conversations. Default false. */
  oneSession?: boolean;
  /** After this somebody who waits for a session is told so; 0 is never. Default 5. */
  waitingAfterMinutes?: number;
  /** What they are told; empty is nothing. */
  waitingReply?: string;
}

export interface LlmSettings {
  type: "llm";
  /** `provider/model`; unset: the agent's. */
  model?: string;
  /** Asked in this order when the model fails and the failure does not pass. */
  fallbackModels?: string[];
  /** Most earlier messages that the model is given. Default 60. */
  contextMessages?: number;
  /** Most rounds of tool use in one turn. Default 12. */
  maxSteps?: number;
  maxOutputTokens?: number;
  /** How long a model may be silent. Default 120. */
  stallSeconds?: number;
  /** Servers whose tools it gets, by name: letters, digits and `-`. */
  mcpServers?: Record<string, McpServerSettings>;
}

/** An MCP server: a program, or an address. */
export interface McpServerSettings {
  /** Program; `~` is the home folder. */
  command?: string;
  args?: string[];
  /** Added to the few variables that it gets of the gateway's. */
  env?: Record<string, string>;
  /** Unset: the agent's workspace. */
  cwd?: string;
  /** Instead of a program. */
  url?: string;
  /** Added to each request. */
  headers?: Record<string, string>;
  /** Whose turns may use its tools. Default `owners`. */
  offerTo?: "owners" | "everyone";
}

/** One agent, with everything that the configuration's defaults add already in it. */
export interface AgentDefinition {
  id: string;
  name?: string;
  runtime: RuntimeSettings;
  /** Absolute; the folder in which it works and from which it may send files. Must exist. */
  workspace: string;
  /** `provider/model`, for `llm`. */
  model?: string;
}

/** What agents take from outside, so that tests own it. */
export interface AgentDeps {
  /** The gateway's environment, handed to the programs of agents (behaviour 17.2). */
  env: Record<string, string | undefined>;
  /** Home folder, for `~`. */
  home: string;
  clock: Clock;
  /** 0 inclusive to 1 exclusive. */
  random(): number;
  /** IANA time zone of the times of day that people name (behaviour 6.6a). */
  zone: string;
  /** Where the programs of agents are written down, so that the next gateway ends what this one left behind; absent: nowhere. */
  records?: ChildRecords;
  /** The running sessions that answer, for `channel`; absent: there are none. */
  channels?: ChannelSessions;
  /** `models.providers`, for `llm`. */
  providers?: Record<string, Partial<ModelProvider>>;
}
