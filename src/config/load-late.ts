import type { Result } from "../platform/index.js";
import type { ConfigFailure, LoadedConfig } from "./load.js";
import type { Surroundings } from "./location.js";
import type { ConfigError, ConfigWarning } from "./problem.js";
import type { Config } from "./schema/config.js";

/**
 * Reads and judges the configuration file. A missing file means the defaults, with a note among the warnings;
 * one that is named by `path` is an error. The schema is loaded with the first call: zod costs about 100 ms that most commands do not need.
 * @param options.path the value of `--config`, when given; see `configPath` for where else it is looked for
 * @returns the configuration, or every error in the file at once
 */
export async function loadConfig(
  options: Surroundings & { path?: string | undefined },
): Promise<Result<LoadedConfig, ConfigFailure>> {
  return (await import("./load.js")).loadConfig(options);
}

/**
 * Judges a configuration text as {@link loadConfig} would, without a file.
 * @param env from which `${NAME}` is taken
 */
export async function parseConfig(
  source: string,
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<Result<{ config: Config; warnings: ConfigWarning[] }, ConfigError[]>> {
  return (await import("./load.js")).parseConfig(source, env);
}

/** @param source of a configuration that holds @returns the variables that it takes from the environment as `${NAME}` */
export async function variablesUsed(source: string): Promise<string[]> {
  return (await import("./load.js")).variablesUsed(source);
}
