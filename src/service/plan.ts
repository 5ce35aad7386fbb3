import { realpathSync } from "node:fs";
import { delimiter, join } from "node:path";
import { configPath, stateDir } from "../config/index.js";
import type { ServiceManager } from "./manager.js";
import { stableNode, stableProgram } from "./stable-path.js";

/** Whose service it is, and what its configuration asks of it. */
export interface ServiceContext {
  env: Record<string, string | undefined>;
  home: string;
  stateDir: string;
  /** The value of `--config`, when given. */
  configOption?: string | undefined;
  /** `gateway.shutdownGraceMs`, milliseconds; absent where no configuration can be read. */
  shutdownGraceMs?: number | undefined;
  /** Whether it runs through an app of its own (behaviour 1.6e); absent: as it is installed. */
  app?: boolean | undefined;
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

/** The environment variable that names the manager to a gateway that runs as a service. */
export const serviceMark = "TAPBACK_SERVICE";

/** Young objects get less of the heap: after 1,000 messages at once 109 MB are resident instead of 125. */
const nodeOptions = ["--max-semi-space-size=4"];

/** As the configuration has it when it says nothing, milliseconds. */
const usualGraceMs = 10_000;

/** What ends beside the turns: sends that are ready, children, the database; seconds. */
const restOfStop = 20;

/** Where programs of a Mac lie: Homebrew's first, which launchd leaves out of its own PATH. */
const macFolders = ["/opt/homebrew/bin", "/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"];

/**
 * The service of the gateway as this command line would start it: same node, same program, same configuration
 * (behaviour 1.6a, 1.6b).
 */
export function servicePlan(context: ServiceContext, manager: ServiceManager["name"]): ServicePlan {
  const { env, home, configOption, shutdownGraceMs = usualGraceMs } = context;
  const named = configOption ?? env.TAPBACK_CONFIG;
  const ownState = stateDir(context) !== join(home, ".tapback");
  const itsEnv = {
    // ssh, scp, imsg and agents are found through it.
    PATH: manager === "launchd" ? macPath(env.PATH) : env.PATH || "/usr/local/bin:/usr/bin:/bin",
    // Without it, what programs print is cut to ASCII on a Mac.
    ...(manager === "launchd" && { LANG: /utf-?8/i.test(env.LANG ?? "") ? env.LANG! : "en_US.UTF-8" }),
    ...(ownState && { TAPBACK_STATE_DIR: stateDir(context) }),
    [serviceMark]: manager,
  };
  const real = realpathSync(process.execPath);
  const stable = stableNode(real, itsEnv, home);
  return {
    command: [
      stable,
      ...nodeOptions,
      stableProgram(process.argv[1]!, { real, stable }),
      "gateway",
      ...(named ? ["--config", configPath(context, named)] : []),
    ],
    env: itsEnv,
    home,
    stateDir: stateDir(context),
    stopSeconds: Math.ceil(shutdownGraceMs / 1000) + restOfStop,
  };
}

function macPath(path = ""): string {
  return [...new Set([...path.split(delimiter).filter((folder) => folder !== ""), ...macFolders])].join(
    delimiter,
  );
}

/** @returns Node and the program of a command line */
export function programsOf([node, ...rest]: string[]): string[] {
  return [node, rest.find((word) => !word.startsWith("-"))].filter((path) => path !== undefined);
}
