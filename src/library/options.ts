import type { Config } from "../config/index.js";
import type { Log } from "../platform/index.js";
import type { FunctionAgents } from "./function-agents.js";

/** What a program says of the gateway that it embeds; what it leaves out is as `tapback gateway` has it (behaviour 17.10). */
export interface GatewayOptions {
  /**
   * Agents as functions, by their ids: each answers in the place of what the configuration names for that id, and one that the
   * configuration does not list is added to it.
   */
  agents?: FunctionAgents;
  /** The configuration, as its file would hold it, or as `parseConfig` gave it. No file is read or watched then. */
  config?: Config | Record<string, unknown>;
  /** Path of the configuration file, which is watched; when absent, the one that the command line takes. */
  configFile?: string;
  /** Folder of the state; created when absent. `TAPBACK_STATE_DIR`, else `~/.tapback`. */
  stateDir?: string;
  /** Gets the log; on stderr as `logging` says when absent. */
  log?: Log;
  /** Variables for `${NAME}`, keys and agents' programs; those of this process. */
  env?: Readonly<Record<string, string | undefined>>;
  /** The folder that `~` stands for. */
  home?: string;
  /**
   * How `tapback` is started, for the MCP server of agents that are programs; this package's own when absent, with the Node that
   * runs now.
   */
  program?: () => { command: string; args: string[] };
}
