import { readFile } from "node:fs/promises";
import { errnoOf, type Result } from "../platform/index.js";
import type { ConfigFailure, LoadedConfig } from "./load.js";
import { configPath, type Surroundings } from "./location.js";
import { type ConfigError, type ConfigWarning, configInvalid } from "./problem.js";
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

/**
 * Where the configuration says that the state is, for commands that need no more of it.
 * @param path the value of `--config`, when given
 * @returns `store.url`; undefined where the state is in its file
 * @throws `CONFIG_INVALID` when the file cannot be used and may name a server
 */
export async function storeUrl(
  surroundings: Surroundings,
  path: string | undefined,
): Promise<string | undefined> {
  const file = configPath(surroundings, path);
  const source = await readFile(file, "utf8").catch((error) =>
    errnoOf(error) === "ENOENT" ? "" : undefined,
  );
  // Most files say nothing of it, and a look at the text tells; one that cannot be read may say it.
  if (source !== undefined && !/store|\\/.test(source)) return undefined;
  const loaded = await loadConfig({ ...surroundings, path });
  // Another state must not be taken for it.
  if (!loaded.ok) throw configInvalid(loaded.error.path, loaded.error.errors);
  return loaded.value.config.store.url;
}

/** @param source of a configuration that holds @returns the variables that it takes from the environment as `${NAME}` */
export async function variablesUsed(source: string): Promise<string[]> {
  return (await import("./load.js")).variablesUsed(source);
}
