import { homedir } from "node:os";
import { isDeepStrictEqual } from "node:util";
import { readEnvironment } from "../config/environment/index.js";
import {
  accountIds,
  configInvalid,
  type LoadedConfig,
  loadConfig,
  resolveAccount,
  stateDir,
} from "../config/index.js";
import { TapbackError } from "../platform/index.js";

/** Options that every command takes. */
export interface GlobalOptions {
  config?: string;
  json?: boolean;
}

/** Where a command finds the configuration and the state. */
export interface Context {
  /** The variables of the process, and beneath them those of the file in the state folder (behaviour 1.5a). */
  env: Record<string, string | undefined>;
  /** Those of the file alone. */
  variables: Readonly<Record<string, string>>;
  /** Why that file cannot be used. */
  environmentProblem: TapbackError | undefined;
  home: string;
  stateDir: string;
  configOption: string | undefined;
  json: boolean;
}

/** @returns where a command finds things, by its options and the environment of this process */
export function contextOf(options: GlobalOptions): Context {
  const home = homedir();
  const folder = stateDir({ env: process.env, home });
  const { env, variables, notes, problem } = readEnvironment(folder, process.env);
  for (const note of notes) process.stderr.write(`note: ${note}\n`);
  return {
    env,
    variables,
    environmentProblem: problem,
    home,
    stateDir: folder,
    configOption: options.config,
    json: options.json ?? false,
  };
}

/**
 * Reads the file of variables again, for whoever waits for one, into the same context.
 * @returns whether anything of it is other than it was
 */
export function readVariablesAgain(context: Context): boolean {
  const { env, variables, problem } = readEnvironment(context.stateDir, process.env);
  const isSame = problem?.message === context.environmentProblem?.message;
  if (isSame && isDeepStrictEqual({ ...variables }, { ...context.variables })) return false;
  for (const name of Object.keys(context.variables)) delete context.env[name];
  Object.assign(context.env, env);
  context.variables = variables;
  context.environmentProblem = problem;
  return true;
}

/** @throws `CONFIG_INVALID` with every problem of the file, `ENV_FILE_EXPOSED`, `ENV_FILE_UNREADABLE` */
export async function readConfig(context: Context): Promise<LoadedConfig> {
  if (context.environmentProblem) throw context.environmentProblem;
  const loaded = await loadConfig({ env: context.env, home: context.home, path: context.configOption });
  if (!loaded.ok) throw configInvalid(loaded.error.path, loaded.error.errors);
  return loaded.value;
}

/**
 * For a list that found nothing: whether that is because there is no such account.
 * @param account as typed; a file that cannot be read says nothing about it
 * @throws `ACCOUNT_UNKNOWN`
 */
export async function checkAccount(context: Context, account: string | undefined): Promise<void> {
  if (account === undefined) return;
  const loaded = await loadConfig({ env: context.env, home: context.home, path: context.configOption });
  if (!loaded.ok || resolveAccount(loaded.value.config, account)) return;
  const ids = accountIds(loaded.value.config);
  throw new TapbackError("ACCOUNT_UNKNOWN", `there is no account ${account}`, {
    hint: ids.length > 0 ? `Accounts are ${ids.join(", ")}.` : "Run `tapback init` to make one.",
  });
}
