import { shellWord } from "../platform/index.js";

/** @returns the configuration that a command line of the gateway names; undefined: the usual one */
export function configurationIn(command: readonly string[]): string | undefined {
  const place = command.indexOf("--config");
  return place < 0 ? undefined : command[place + 1];
}

/**
 * The command that installs a service: another one would give it another configuration, or an app, which macOS has permitted
 * nothing (behaviour 1.6b, 1.6e).
 * @param command line of the gateway in it @param options of the install
 */
export function installCommand(command: readonly string[], ...options: string[]): string {
  const file = configurationIn(command);
  const config = file === undefined ? [] : ["--config", shellWord(file)];
  return ["tapback service install", ...config, ...options].join(" ");
}
