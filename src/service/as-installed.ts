import { existsSync, readFileSync } from "node:fs";
import { readEnvironment } from "../config/environment/index.js";
import { type LoadedConfig, loadConfig } from "../config/index.js";
import { knownManager } from "./find.js";
import { configurationIn } from "./install-command.js";
import type { ServiceContext } from "./plan.js";

/** What is asked of the surroundings of a command. */
type Here = Omit<ServiceContext, "shutdownGraceMs">;

/** Where the installed service works. */
export interface InstalledContext extends ServiceContext {
  /** Its configuration; undefined while that cannot be used: the service waits for a better one (behaviour 1.6a). */
  loaded: LoadedConfig | undefined;
}

/**
 * Whose service the installed one is (behaviour 1.6b): with the state directory and the configuration that it was installed with,
 * of what is not named here. Where none is installed, those of the command.
 */
export async function installedContext(here: Here): Promise<InstalledContext> {
  return withConfiguration(configurationOf(stateOf(here)));
}

/** What a service is made for that is installed now: with the state directory and the configuration of the command. */
export async function withConfiguration(context: Here): Promise<InstalledContext> {
  const { env, home, configOption } = context;
  const loaded = await loadConfig({ env, home, path: configOption });
  return {
    ...context,
    shutdownGraceMs: loaded.ok ? loaded.value.config.gateway.shutdownGraceMs : undefined,
    loaded: loaded.ok ? loaded.value : undefined,
  };
}

function stateOf(here: Here): Here {
  const { env } = here;
  const stateDir = env.TAPBACK_STATE_DIR ? undefined : installed(here)?.stateDir;
  if (stateDir === undefined) return here;
  // Its configuration may name variables of the file in its folder.
  const { env: its } = readEnvironment(stateDir, { ...env, TAPBACK_STATE_DIR: stateDir });
  return { ...here, env: its, stateDir };
}

function configurationOf(here: Here): Here {
  if (here.configOption !== undefined || here.env.TAPBACK_CONFIG) return here;
  return { ...here, configOption: configurationIn(installed(here)?.command ?? []) };
}

/** What the file of the service names; the command line only where it belongs to the state directory at hand. */
function installed(here: Here): { stateDir: string | undefined; command: string[] } | undefined {
  const manager = knownManager(here);
  if (!manager || !existsSync(manager.file)) return undefined;
  const content = readFileSync(manager.file, "utf8");
  return { stateDir: manager.stateIn(content), command: manager.gatewayIn(content) };
}
