import JSON5 from "json5";
import { err, ok, type Result } from "../platform/index.js";
import { checkSource } from "./check/check.js";
import { variableNames } from "./check/substitute.js";
import type { Surroundings } from "./location.js";
import { configPath } from "./location.js";
import type { ConfigError, ConfigWarning } from "./problem.js";
import type { Config } from "./schema/config.js";
import { atFile, readSource } from "./source.js";

/** A configuration that holds. */
export interface LoadedConfig {
  config: Config;
  /** Absolute path of the file. */
  path: string;
  /** The file's text; undefined when there is no file and the defaults hold. */
  source: string | undefined;
  warnings: ConfigWarning[];
}

/** A configuration file that cannot be used. */
export interface ConfigFailure {
  path: string;
  source: string | undefined;
  errors: ConfigError[];
}

/**
 * Reads and judges the configuration file. A missing file means the defaults, with a note among the warnings;
 * one that is named by `path` is an error.
 * @param options.path the value of `--config`, when given; see `configPath` for where else it is looked for
 * @returns the configuration, or every error in the file at once
 */
export async function loadConfig(
  options: Surroundings & { path?: string | undefined },
): Promise<Result<LoadedConfig, ConfigFailure>> {
  const path = configPath(options, options.path);
  const source = await readSource(path);
  if (!source.ok) return err({ path, source: undefined, errors: [source.error] });
  // A file that was named has to exist: with a typing error in its name the defaults would hold, and let nobody in.
  if (options.path && source.value === undefined)
    return err({
      path,
      source: undefined,
      errors: [atFile("there is no such file", "a file, e.g. from `tapback init`")],
    });
  const checked = await checkSource(source.value ?? "{}", options.env);
  if (checked.config === undefined) return err({ path, source: source.value, errors: checked.errors });
  const note = atFile(
    "there is no configuration file: the defaults hold",
    "a file, e.g. from `tapback init`",
  );
  const warnings = source.value === undefined ? [note] : checked.warnings;
  return ok({ config: checked.config, path, source: source.value, warnings });
}

/** Judges a text as {@link loadConfig} would, without a file. */
export async function parseConfig(
  source: string,
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<Result<{ config: Config; warnings: ConfigWarning[] }, ConfigError[]>> {
  const { config, errors, warnings } = await checkSource(source, env);
  return config === undefined ? err(errors) : ok({ config, warnings });
}

/** @param source of a configuration that holds @returns the variables that it takes from the environment as `${NAME}` */
export function variablesUsed(source: string): string[] {
  return variableNames(JSON5.parse(source));
}
