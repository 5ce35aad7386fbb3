import {
  type Config,
  configPath,
  formatProblem,
  loadConfig,
  parsePath,
  resolveAccount,
} from "../../config/index.js";
import { TapbackError } from "../../platform/index.js";
import { type Context, readConfig } from "../context.js";
import { exitCodes, printJson, printLine, styled } from "../output.js";

export interface GetOptions {
  account?: string;
  effective?: boolean;
}

/** `tapback config path`. */
export function path(context: Context): undefined {
  const file = configPath(context, context.configOption);
  if (context.json) printJson({ path: file });
  else printLine(file);
}

/** `tapback config validate` (behaviour 17.3). */
export async function validate(context: Context): Promise<number> {
  const loaded = await loadConfig({ env: context.env, home: context.home, path: context.configOption });
  const { path: file } = loaded.ok ? loaded.value : loaded.error;
  const errors = loaded.ok ? [] : loaded.error.errors;
  const warnings = loaded.ok ? loaded.value.warnings : [];
  if (context.json) printJson({ ok: loaded.ok, errors, warnings });
  else {
    for (const error of errors) printLine(`${styled("red", "error")} ${formatProblem(file, error)}`);
    for (const warning of warnings)
      printLine(`${styled("yellow", "warning")} ${formatProblem(file, warning)}`);
    if (loaded.ok) printLine(`${styled("green", "ok")} ${file}`);
  }
  return loaded.ok ? exitCodes.done : exitCodes.configInvalid;
}

/** `tapback config get`: a value as written or, with an account, as it holds for it; secrets masked. */
export async function get(
  context: Context,
  options: GetOptions,
  text: string | undefined,
): Promise<undefined> {
  const { config } = await readConfig(context);
  const value = valueAt(rootOf(config, options), text);
  if (value === undefined)
    throw new TapbackError("CONFIG_UNSET", `${text} is not set`, {
      hint: "`tapback config schema` lists every field.",
    });
  if (context.json) printJson(value);
  else printLine(typeof value === "string" ? value : JSON.stringify(value, null, 2));
}

function rootOf(config: Config, options: GetOptions): unknown {
  if (!options.account) return config;
  const account = resolveAccount(config, options.account);
  if (account) return account;
  throw new TapbackError("ACCOUNT_UNKNOWN", `there is no account ${options.account}`, {
    hint: "`tapback channels list` lists the accounts.",
  });
}

function valueAt(root: unknown, text: string | undefined): unknown {
  if (text === undefined) return root;
  const parsed = parsePath(text);
  if (!parsed.ok) throw parsed.error;
  return parsed.value.reduce<unknown>(
    (value, key) => (value as Record<string | number, unknown> | null | undefined)?.[key],
    root,
  );
}
