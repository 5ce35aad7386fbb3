import { keyVariables } from "../agents/index.js";
import { type LoadedConfig, variablesUsed } from "../config/index.js";

/** What a service manager gives to every service, or its file names by itself. */
const given = /^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|TMPDIR|TAPBACK_.*)$/;

/**
 * The variables that the configuration or its agents need and that a service would not have: they are in this shell's
 * environment and not in the file of variables (behaviour 1.6d).
 * @param env with the variables of the file beneath those of the process
 * @param variables of the file
 */
export async function shellOnlyVariables(
  { config, source }: Pick<LoadedConfig, "config" | "source">,
  env: Readonly<Record<string, string | undefined>>,
  variables: Readonly<Record<string, string>>,
): Promise<string[]> {
  const names = [...(await variablesUsed(source ?? "{}")), ...keyVariables(config)];
  return [...new Set(names)].filter(
    (name) => env[name] && !Object.hasOwn(variables, name) && !given.test(name),
  );
}

/** What to do about variables that only the shell has. */
export function shellOnlyRemedy(names: readonly string[]): string {
  return names.map((name) => `printenv ${name} | tapback secrets set ${name}`).join("\n");
}
