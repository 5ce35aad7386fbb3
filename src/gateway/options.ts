import type { Config } from "../config/index.js";
import type { Clock, Log, Surroundings } from "../platform/index.js";
import type { openStore } from "../store/index.js";
import type { EventListener } from "../telemetry/index.js";
import type { MakeAgent } from "../turns/index.js";

/** What a gateway is made of; what is left out is the machine's own. */
export interface GatewayOptions {
  config: Config;
  /**
   * The file that the configuration came from: it is watched, and `/config` changes it. `source` is its text; undefined when
   * there was no file.
   */
  configFile?: { path: string; source: string | undefined };
  /** Folder of the state; created when absent. */
  stateDir: string;
  log: Log;
  clock?: Clock;
  env?: Record<string, string | undefined>;
  home?: string;
  /**
   * How the program that serves MCP for agents is started now (`tapback mcp`), asked for each agent; absent: agents get no MCP
   * server.
   */
  program?: () => { command: string; args: string[] };
}

/** Parts of a world in one process; what is left out is the machine's and the product's own. */
export interface GatewayParts {
  openStore?: typeof openStore;
  /** Starts imsg in another way than as the program that an account names. */
  startImsg?: Surroundings["startImsg"];
  makeAgent?: MakeAgent;
  /** Hears what happens in every account. */
  listener?: EventListener;
  /** What the program that embeds the gateway adds to each configuration, also to one that was changed. */
  complete?: (config: Config) => Config;
  /** Whether commands reach it over its control socket. */
  hasControl?: boolean;
}
