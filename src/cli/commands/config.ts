import type { Edit } from "../../config/edit/index.js";
import {
  type ConfigError,
  configPath,
  formatPath,
  formatProblem,
  loadConfig,
  parsePath,
} from "../../config/index.js";
import { TapbackError } from "../../platform/index.js";
import { type Context, readConfig } from "../context.js";
import { exitCodes, hintOf, printError, printJson, printLine, styled } from "../output.js";

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

/** `tapback config validate` (behaviour 17.3). @returns 3 when the file is invalid */
export async function validate(context: Context): Promise<number> {
  const loaded = await loadConfig({ env: context.env, home: context.home, path: context.configOption });
  const { path: file } = loaded.ok ? loaded.value : loaded.error;
  const errors = loaded.ok ? [] : loaded.error.errors;
  const warnings = loaded.ok ? loaded.value.warnings : [];
  if (context.json) printJson({ ok: loaded.ok, errors, warnings });
  else {
    tell("red", "error", file, errors);
    tell("yellow", "warning", file, warnings);
    if (loaded.ok) printLine(`${styled("green", "ok")} ${file}`);
  }
  return loaded.ok ? exitCodes.done : exitCodes.configInvalid;
}

/** `tapback config get`: what the file says or, with `--effective`, what holds and where it comes from; secrets masked. */
export async function get(
  context: Context,
  options: GetOptions,
  text: string | undefined,
): Promise<undefined> {
  const { getValue } = await import("../../config/inspect/index.js");
  const loaded = await readConfig(context);
  const found = getValue(loaded, text === undefined ? [] : readPath(text), {
    ...options,
    secrets: Object.values(context.variables),
  });
  if (!found.ok) throw found.error;
  const { value, origin, path: place } = found.value;
  if (context.json) return void printJson(value);
  printLine(typeof value === "string" ? value : JSON.stringify(value, null, 2));
  if (options.effective) printLine(styled("dim", place ? `from ${origin}: ${place}` : `from ${origin}`));
}

/** `tapback config schema`. */
export async function schema(): Promise<undefined> {
  const { jsonSchema } = await import("../../config/reference/index.js");
  printJson(jsonSchema());
}

/** `tapback config set`: the value is JSON5, or plain text where the field takes text. */
export async function set(context: Context, text: string, value: string): Promise<number> {
  const { parseInput } = await import("../../config/edit/index.js");
  const place = readPath(text);
  return change(context, { set: place, value: parseInput(place, value) }, `Set ${formatPath(place)}.`);
}

/** `tapback config unset`. */
export async function unset(context: Context, text: string): Promise<number> {
  const place = readPath(text);
  return change(context, { unset: place }, `Removed ${formatPath(place)}.`);
}

async function change(context: Context, edit: Edit, done: string): Promise<number> {
  const { editFile } = await import("../../config/edit/index.js");
  const file = configPath(context, context.configOption);
  const result = await editFile(file, [edit], context.env);
  if (!result.ok) {
    const { code, message } = result.error.error;
    const hint = await hintOf(result.error.error);
    if (context.json)
      printJson({ error: { code, message, ...(hint && { hint }), problems: result.error.problems } });
    else {
      // Each problem says what its place is; the summary would say it twice.
      const lines = result.error.problems.map((problem) => formatProblem(file, problem));
      printError({ code, message: lines.length > 0 ? lines.join("\n") : message, ...(hint && { hint }) });
    }
    return result.error.problems.length > 0 ? exitCodes.configInvalid : exitCodes.refused;
  }
  const { changed, warnings } = result.value;
  if (context.json) printJson({ path: file, changed, warnings });
  else {
    printLine(changed ? done : "Nothing to change.");
    tell("yellow", "warning", file, warnings);
  }
  return exitCodes.done;
}

/** Prints problems of a file, one a line. */
export function tell(colour: "red" | "yellow", word: string, file: string, problems: ConfigError[]): void {
  for (const problem of problems) printLine(`${styled(colour, word)} ${formatProblem(file, problem)}`);
}

function readPath(text: string): (string | number)[] {
  const parsed = parsePath(text);
  if (!parsed.ok) throw new TapbackError("USAGE", parsed.error.message, { hint: parsed.error.hint ?? "" });
  return parsed.value;
}
