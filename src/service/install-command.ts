import { shellWord } from "../platform/index.js";
import type { ServicePlan } from "./plan.js";

/** @returns the configuration that a command line of the gateway names; undefined: the usual one */
export function configurationIn(command: readonly string[]): string | undefined {
  const place = command.indexOf("--config");
  return place < 0 ? undefined : command[place + 1];
}

/**
 * The command that installs a service: another one would give it another state directory or configuration, or an app, which
 * macOS has permitted nothing (behaviour 1.6b, 1.6e).
 * @param options of the install
 */
export function installCommand({ command, env }: ServicePlan, ...options: string[]): string {
  const state = env.TAPBACK_STATE_DIR;
  const file = configurationIn(command);
  const folder = state === undefined ? [] : [`TAPBACK_STATE_DIR=${shellWord(state)}`];
  const config = file === undefined ? [] : ["--config", shellWord(file)];
  return [...folder, "tapback service install", ...config, ...options].join(" ");
}
