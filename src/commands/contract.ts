import type { Config } from "../config/index.js";
import type { Clock } from "../platform/index.js";
import type { JournalEntry, Store } from "../store/index.js";

/** What a command typed in a chat may know and do. */
export interface CommandContext {
  /** What follows the command's name, trimmed. */
  words: string;
  /** Whether the sender may use owners' commands here (behaviour 3.5, 12). */
  isOwner: boolean;
  entry: JournalEntry;
  /** The session and agent that this conversation is answered in. */
  agentId: string;
  sessionKey: string;
  config: Config;
  store: Store;
  clock: Clock;
  gateway: GatewayControls;
}

/** What a command may ask of the gateway. */
export interface GatewayControls {
  /** Health of the account in a few lines. */
  describe(accountId: string): string;
  /** Cancels the running turn of a session and what waits behind it. @returns how many turns were ended */
  cancel(sessionKey: string): Promise<number>;
  /** Forgets what a session remembers, in the store and in its agent. */
  reset(sessionKey: string, agentId: string): Promise<void>;
  /** Changes the configuration file; absent where the gateway was given its configuration otherwise. */
  configFile?: { path: string; env: Record<string, string | undefined> };
}

/** A command of the gateway itself (behaviour 12). */
export interface ChatCommand {
  /** Without the slash, lower case. */
  name: string;
  /** How it is typed, e.g. `/pairing list|approve <code>|deny <code>`. */
  usage: string;
  /** One line for /help. */
  summary: string;
  /** Refused to everybody but owners. */
  ownerOnly: boolean;
  /** @returns the answer, plain text */
  run(context: CommandContext): Promise<string>;
}
