import { homedir } from "node:os";
import { resolve } from "node:path";
import { readEnvironment } from "../config/environment/index.js";
import {
  type Config,
  type ConfigWarning,
  configInvalid,
  loadConfig,
  parseConfig,
  stateDir,
} from "../config/index.js";
import { messageOf, TapbackError } from "../platform/index.js";
import { type FunctionAgents, listedIn } from "./function-agents.js";
import type { GatewayOptions } from "./options.js";

/** What a gateway is started with. */
export interface Settings {
  config: Config;
  configFile?: { path: string; source: string | undefined };
  /** What an error of the configuration is said to be in. */
  name: string;
  warnings: ConfigWarning[];
  stateDir: string;
  env: Record<string, string | undefined>;
  home: string;
  /** What is to be said of the file of variables. */
  notes: string[];
}

/** What an object is called where the name of a file would stand. */
const given = "config";

/**
 * Reads what an embedding program leaves to files, as the command line would (behaviour 1.5, 1.5a).
 * @throws `CONFIG_INVALID` with every problem, `ENV_FILE_EXPOSED`, `ENV_FILE_UNREADABLE`, `OPTIONS_INVALID`
 */
export async function readSettings(options: GatewayOptions): Promise<Settings> {
  const { env: own = process.env, home = homedir(), agents = {} } = options;
  const folder = options.stateDir === undefined ? stateDir({ env: own, home }) : resolve(options.stateDir);
  const { env, notes, problem } = readEnvironment(folder, own);
  if (problem) throw problem;
  const where = { stateDir: folder, env, home, notes };
  if (options.config !== undefined) return { ...where, ...(await fromObject(options.config, agents, env)) };
  // The file beside the state that was named, as with TAPBACK_STATE_DIR.
  const surroundings = { env: { ...env, TAPBACK_STATE_DIR: folder }, home };
  const loaded = await loadConfig({ ...surroundings, path: options.configFile });
  if (!loaded.ok) throw configInvalid(loaded.error.path, loaded.error.errors);
  const { config, path, source, warnings } = loaded.value;
  return { ...where, config, configFile: { path, source }, name: path, warnings };
}

async function fromObject(
  source: object,
  agents: FunctionAgents,
  env: Settings["env"],
): Promise<Pick<Settings, "config" | "name" | "warnings">> {
  const parsed = await parseConfig(textOf(listedIn(source, agents)), env);
  if (parsed.ok)
    return { name: given, config: parsed.value.config, warnings: parsed.value.warnings.map(unplaced) };
  throw configInvalid(given, parsed.error.map(unplaced));
}

function textOf(source: object): string {
  try {
    return JSON.stringify(source);
  } catch (error) {
    throw new TapbackError("OPTIONS_INVALID", `config cannot be read: ${messageOf(error)}`, {
      hint: "Give plain values, as the configuration file has them.",
    });
  }
}

/** There is no text to point into. */
function unplaced(problem: ConfigWarning): ConfigWarning {
  return { ...problem, line: 0, column: 0 };
}
