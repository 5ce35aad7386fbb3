import { copyFileSync, existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";
import {
  err,
  errnoOf,
  makeFolder,
  messageOf,
  ok,
  type Result,
  TapbackError,
  writeFileAtomic,
} from "../../platform/index.js";
import { type Checked, checkSource } from "../check/check.js";
import { type ConfigPath, formatPath } from "../path.js";
import type { ConfigError, ConfigWarning } from "../problem.js";
import { withFileLock } from "./file-lock.js";
import { setValue, unsetValue } from "./text.js";

/** One change of the configuration. */
export type Edit = { set: ConfigPath; value: unknown } | { unset: ConfigPath };

/** What an edit did. */
export interface Edited {
  /** The file's text before; undefined when there was no file. */
  before: string | undefined;
  after: string;
  changed: boolean;
  warnings: ConfigWarning[];
}

/** Why an edit was not done; `problems` are those that it would have caused. The file is as it was. */
export interface EditRefused {
  error: TapbackError;
  problems: ConfigError[];
}

/**
 * Changes the configuration file: in place, keeping comments and layout, in one step, with the previous file beside it
 * as `<file>.bak`; refuses what would make it invalid (behaviour 2.7). Problems that the file had before do not stand
 * in the way, so that a broken file can be mended one field at a time.
 * @param path absolute; a missing file is made, as is its folder (0700)
 * @param edits all or none
 */
export async function editFile(
  path: string,
  edits: readonly Edit[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<Result<Edited, EditRefused>> {
  const paths = edits.map((edit) => formatPath("set" in edit ? edit.set : edit.unset)).join(", ");
  return change(path, env, `changing ${paths}`, (before) => {
    let after = before ?? "{}\n";
    for (const edit of edits) {
      const result = "set" in edit ? setValue(after, edit.set, edit.value) : unsetValue(after, edit.unset);
      if (!result.ok) return result;
      after = result.value;
    }
    return ok(after);
  });
}

/**
 * Replaces the whole configuration file, as an editor does; like {@link editFile}, with the previous file beside it, and
 * refused when the text is invalid.
 * @param path absolute; a missing file is made, as is its folder (0700)
 * @param expected the text that the new one was made of, undefined where there was no file: what others wrote since is not lost
 */
export async function replaceFile(
  path: string,
  text: string,
  env: Readonly<Record<string, string | undefined>>,
  expected: string | undefined,
): Promise<Result<Edited, EditRefused>> {
  return change(path, env, "this text", (before) =>
    isSame(before, expected) ? ok(text) : err(changedMeanwhile()),
  );
}

/**
 * Writes a configuration file whole, unjudged, with the previous one beside it as `<file>.bak`.
 * @param path absolute; a missing file is made (0600), as is its folder (0700)
 * @param expected as of {@link replaceFile}
 * @throws `CONFIG_CHANGED`, `CONFIG_UNWRITABLE`, `CONFIG_UNREADABLE`, `CONFIG_LOCKED`; the file is then as it was
 */
export async function writeConfigFile(
  path: string,
  text: string,
  expected: string | undefined,
): Promise<void> {
  try {
    await withFileLock(path, async () => {
      if (!isSame(configText(path), expected)) throw changedMeanwhile();
      writeSource(path, text);
    });
  } catch (error) {
    throw asTold(path, error);
  }
}

/** @returns the text of a configuration file; undefined where there is none @throws `CONFIG_UNREADABLE` */
export function configText(path: string): string | undefined {
  const read = readSource(path);
  if (!read.ok) throw read.error;
  return read.value;
}

/** There is nothing to lose in an empty file. */
function isSame(text: string | undefined, other: string | undefined): boolean {
  return (text ?? "") === (other ?? "");
}

/** How often a change is made anew upon what somebody wrote who takes no lock, such as an editor. */
const mostTries = 5;

/** One change after another, each upon what the one before it left: what was reported as done is in the file. */
async function change(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
  what: string,
  edit: (before: string | undefined) => Result<string, TapbackError>,
): Promise<Result<Edited, EditRefused>> {
  try {
    return await withFileLock(path, async () => {
      for (let left = mostTries; ; left--) {
        const read = readSource(path);
        if (!read.ok) return refuse(read.error);
        const after = edit(read.value);
        if (!after.ok) return refuse(after.error);
        const done = await put(path, read.value, after.value, env, what);
        if (done.ok || done.error.error.code !== "CONFIG_CHANGED" || left === 1) return done;
      }
    });
  } catch (error) {
    return refuse(asTold(path, error));
  }
}

async function put(
  path: string,
  before: string | undefined,
  after: string,
  env: Readonly<Record<string, string | undefined>>,
  what: string,
): Promise<Result<Edited, EditRefused>> {
  const judged = await checkSource(after, env);
  const problems = before === undefined ? judged.errors : newProblems(await checkSource(before, env), judged);
  if (problems.length > 0) return refuse(invalid(what, problems), problems);
  if (after === before) return ok({ before, after, changed: false, warnings: judged.warnings });
  // The checks above take a while; what somebody else wrote meanwhile must not be lost.
  const again = readSource(path);
  if (!again.ok || again.value !== before) return refuse(changedMeanwhile());
  try {
    writeSource(path, after);
  } catch (error) {
    return refuse(asTold(path, error));
  }
  return ok({ before, after, changed: true, warnings: judged.warnings });
}

function readSource(path: string): Result<string | undefined, TapbackError> {
  try {
    return ok(readFileSync(path, "utf8"));
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return ok(undefined);
    return err(
      new TapbackError("CONFIG_UNREADABLE", `${path} cannot be read: ${messageOf(error)}`, {
        hint: "Name a file that you may read and write with --config or TAPBACK_CONFIG.",
        cause: error,
      }),
    );
  }
}

function writeSource(path: string, text: string): void {
  if (!existsSync(path)) {
    makeFolder(dirname(path));
    writeFileAtomic(path, text);
    return;
  }
  // A link stays a link: the file that it leads to is replaced.
  const target = realpathSync(path);
  copyFileSync(target, `${target}.bak`);
  writeFileAtomic(target, text, statSync(target).mode & 0o777);
}

function asTold(path: string, error: unknown): TapbackError {
  return error instanceof TapbackError ? error : unwritable(path, error);
}

function unwritable(path: string, error: unknown): TapbackError {
  return new TapbackError("CONFIG_UNWRITABLE", `${path} cannot be written: ${messageOf(error)}`, {
    hint: "Make its folder writable for this user, or name another file with --config or TAPBACK_CONFIG.",
    cause: error,
  });
}

/**
 * The problems that were not there before. An edit of a list moves the places behind it, so of one kind in one list as many may stay
 * as there were; where there were more than are named, those behind them come into sight, and their number tells.
 */
function newProblems(before: Checked, after: Checked): ConfigError[] {
  const named = before.errors.filter(({ line }) => line > 0).length;
  if (before.count > named && after.count <= before.count) return [];
  const byPlace = ({ path, message }: ConfigError) => `${path}\n${message}`;
  const byKind = ({ path, message }: ConfigError) => `${path.replace(/\[\d+\]/g, "[]")}\n${message}`;
  let [known, left] = [before.errors, after.errors];
  for (const keyOf of [byPlace, byKind]) {
    const found = new Set<ConfigError>();
    left = left.filter((problem) => {
      const same = known.find((one) => !found.has(one) && keyOf(one) === keyOf(problem));
      if (same !== undefined) found.add(same);
      return same === undefined;
    });
    known = known.filter((one) => !found.has(one));
  }
  return left;
}

function invalid(what: string, [first]: ConfigError[]): TapbackError {
  const expected = first!.expected === null ? "" : `; expected ${first!.expected}`;
  return new TapbackError(
    "CONFIG_INVALID",
    `${what} would make the configuration invalid: ${first!.path}: ${first!.message}${expected}`,
    { hint: "The file is as it was." },
  );
}

function changedMeanwhile(): TapbackError {
  return new TapbackError("CONFIG_CHANGED", "the file was changed by somebody else meanwhile", {
    retryable: true,
    hint: "Try again.",
  });
}

function refuse(error: TapbackError, problems: ConfigError[] = []): { ok: false; error: EditRefused } {
  return err({ error, problems });
}
