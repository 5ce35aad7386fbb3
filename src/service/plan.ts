import { realpathSync } from "node:fs";
import { join } from "node:path";
import { configPath, stateDir } from "../config/index.js";

/** Whose service it is, and what its configuration asks of it. */
export interface ServiceContext {
  env: Record<string, string | undefined>;
  home: string;
  stateDir: string;
  /** The value of `--config`, when given. */
  configOption?: string | undefined;
  /** `gateway.shutdownGraceMs` of the configuration, milliseconds. */
  shutdownGraceMs: number;
}

/** What a service of the gateway is made of, whichever service manager runs it. */
export interface ServicePlan {
  /** Node and the program, by their absolute paths, and the words after them. */
  command: string[];
  /** The whole environment; small, because a service keeps what it was installed with. */
  env: Record<string, string>;
  home: string;
  stateDir: string;
  /** How long it may take to end before it is killed, seconds. */
  stopSeconds: number;
}

/** Young objects get less of the heap: after 1,000 messages at once 109 MB are resident instead of 125. */
const nodeOptions = ["--max-semi-space-size=4"];

/** What ends beside the turns: sends that are ready, children, the database; seconds. */
const restOfStop = 20;

/** The service of the gateway as this command line would start it: same node, same program, same configuration. */
export function servicePlan(context: ServiceContext): ServicePlan {
  const { env, home, configOption, shutdownGraceMs } = context;
  const named = configOption ?? env.TAPBACK_CONFIG;
  const ownState = stateDir(context) !== join(home, ".tapback");
  return {
    command: [
      realpathSync(process.execPath),
      ...nodeOptions,
      realpathSync(process.argv[1]!),
      "gateway",
      ...(named ? ["--config", configPath(context, named)] : []),
    ],
    env: {
      // ssh, scp, imsg and agents are found through it.
      PATH: env.PATH ?? "/usr/local/bin:/usr/bin:/bin",
      ...(ownState && { TAPBACK_STATE_DIR: stateDir(context) }),
    },
    home,
    stateDir: stateDir(context),
    stopSeconds: Math.ceil(shutdownGraceMs / 1000) + restOfStop,
  };
}
