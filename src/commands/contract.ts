import type { AgentSession, RuntimeSettings, Served } from "../agents/index.js";
import type { Config } from "../config/index.js";
import type { ForgeableService } from "../conversation/index.js";
import type { Clock, Log } from "../platform/index.js";
import type {
  CommandDone,
  GivenVote,
  JournalEntry,
  NewOutboxItem,
  Origin,
  QuestionOption,
  Store,
  Turn,
  TurnOrigin,
} from "../store/index.js";
import type { LiveSession } from "../turns/index.js";

/** What a command said in a chat may know and do. */
export interface CommandContext {
  /** What follows the command's name, trimmed. */
  words: string;
  /** Whether the sender may use owners' commands here (behaviour 3.5, 12). */
  isOwner: boolean;
  /** Its sender, in the normal form of the account's region, as the gates and the firewall compare it. */
  handle: string;
  /** Whether the rules send nothing to its sender, an answer neither (behaviour 10.3). */
  silent: boolean;
  /** The service of what is believed although its sender could be forged (behaviour 3.7). */
  over: ForgeableService | undefined;
  /** Whether anybody is an owner of this account: named in the configuration, by `allowFrom` alone, or approved as one. */
  hasOwner: boolean;
  entry: JournalEntry;
  /** The session and agent that this conversation is answered in. */
  agentId: string;
  sessionKey: string;
  /** What orders sends into this conversation, and what bindings know it by. */
  chatKey: string;
  /** The keys under which something may have been sent into it. */
  chatKeys: string[];
  place: { agentId: string; sessionKey: string; account: string; chatKey: string };
  /** What turns of this conversation are known by: others may share the session. */
  origin: TurnOrigin;
  config: Config;
  store: Store;
  clock: Clock;
  log: Log;
  gateway: GatewayControls;
  /** Ends what was written here before and is in no turn yet. @returns how many messages */
  endHeld(): Promise<number>;
}

/** What a command may ask of the gateway. */
export interface GatewayControls {
  /** How an account is, in a few words. */
  verdictOf(accountId: string): Promise<string>;
  /**
   * Cancels the running turn of a session and what waits behind it.
   * @param from only what came from this conversation; absent: all of the session
   * @returns the turns that were ended
   */
  cancel(sessionKey: string, from?: TurnOrigin): Promise<EndedTurn[]>;
  /** Forgets what a session remembers, in the store and in its agent. */
  reset(sessionKey: string): Promise<void>;
  /**
   * Answers what an agent asks, once.
   * @param option undefined denies
   * @param by a handle
   * @returns false when it is not open (any more)
   */
  answer(id: string, option: QuestionOption | undefined, by: string): Promise<boolean>;
  /**
   * Keeps a vote that counts a little later, or takes it back (behaviour 18.2).
   * @returns false when the question is not open (any more), or somebody else has voted
   */
  vote(id: string, vote: GivenVote): Promise<boolean>;
  /** How a conversation is served by running sessions; undefined where none answers it. */
  liveSession(sessionKey: string, served: Served): LiveSession | undefined;
  sessions: SessionControls;
  /** Values that no answer shows, wherever they stand: those of the file of variables (behaviour 1.5a). */
  secrets: readonly string[];
  /** Changes the configuration file; absent where the gateway was given its configuration otherwise. */
  configFile?: { path: string; env: Record<string, string | undefined> };
}

/** A turn that a command ended, with the conversation that waits for it. */
export type EndedTurn = Pick<Turn, "account" | "target" | "chatKey">;

/** How a session is served. */
export interface SessionDescription {
  type: RuntimeSettings["type"];
  /** The name or the program of an ACP agent. */
  agent?: string | undefined;
  cwd?: string;
  mode?: "persistent" | "oneshot";
  model?: string | undefined;
  sessionMode?: string | undefined;
}

/** What a command may ask about sessions and the agents that serve them. */
export interface SessionControls {
  /** @throws `AGENT_UNKNOWN` */
  describe(place: CommandContext["place"]): Promise<SessionDescription>;
  /** Sessions of an account that a process runs for now. */
  running(account: string): Promise<AgentSession[]>;
  /** Ends the process of a session; the next message starts it with the settings of then. */
  restart(sessionKey: string): Promise<void>;
  /** Reads a folder that a person named. @returns its absolute path, or undefined when it is not there */
  folder(text: string): string | undefined;
  /** @param name a program, by name or by path @returns whether it is there to be started */
  hasProgram(name: string): boolean;
  /** @param ref `provider/model` of an `llm` agent @returns why it cannot be asked, and what exists; undefined where it can */
  modelFault(ref: string): string | undefined;
}

/** An answer together with what else the command leads to, in one commit. */
export interface SaidAndDone extends Omit<CommandDone, "replies"> {
  text: string;
  /** Default: `command`. */
  origin?: Origin;
  /** What others are told with it. */
  notices?: NewOutboxItem[];
  /** It ends something, so that nothing else may come before it (behaviour 12). */
  urgent?: boolean;
}

/**
 * What a command answers: text for the chat, empty for none; text that is for the owner who asks alone, in whatever chat
 * that was, or several messages of it; or words that the agent is given as the sender's next message. What is longer than a
 * message is divided.
 */
export type CommandAnswer = string | SaidAndDone | { toOwner: string | string[] } | { prompt: string };

/** Something that people can say to the gateway itself (behaviour 12): typed after a slash, or known by what was said. */
export interface ChatCommand {
  /** The name without the slash, in lower case. */
  name: string;
  /** Whether it is carried out at once, not held back for what the same person writes next (behaviour 9.3). */
  quick: boolean;
  /** Who may use it: `anyone` who writes, who is `admitted` by the gates, or `owners` over a trusted service (behaviour 3.5). */
  who: "anyone" | "admitted" | "owners";
  /** What somebody is told who may not, where that is not the usual. */
  refusal?: string;
  /** Carries it out for somebody who may. @throws TapbackError what the sender is told */
  run(context: CommandContext): Promise<CommandAnswer>;
}

/** A command that is typed by its name. */
export interface TypedCommand extends ChatCommand {
  /** How it is typed, e.g. `/pairing list|approve <code>|deny <code>`. */
  usage: string;
  /** One line for /help. */
  summary: string;
}
