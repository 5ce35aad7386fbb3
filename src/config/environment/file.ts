import { chmodSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { errnoOf, messageOf, TapbackError } from "../../platform/index.js";
import { type Variables, variablesIn } from "./text.js";

/** The environment that commands and agents work in. */
export interface Environment {
  /** The variables of the process, and beneath them those of the file; a copy. */
  env: Record<string, string | undefined>;
  /** The variables of the file alone. */
  variables: Variables;
  /** What is to be said of the file, for the person or the log. */
  notes: string[];
  /** Why the file cannot be used; none of it is in `env` then. */
  problem?: TapbackError;
}

/** The file of keys and other variables, where every way of starting finds it (behaviour 1.5a). */
export function environmentPath(stateDir: string): string {
  return join(stateDir, "env");
}

/**
 * Puts the file of variables beneath the environment of the process (behaviour 1.5a): what the process has, and is not empty,
 * wins.
 * @param env of the process; not changed
 */
export function readEnvironment(
  stateDir: string,
  env: Readonly<Record<string, string | undefined>>,
): Environment {
  try {
    const { variables, notes } = readVariables(stateDir);
    const own = Object.entries(env).filter(([name, value]) => value || !Object.hasOwn(variables, name));
    return { env: { ...variables, ...Object.fromEntries(own) }, variables, notes };
  } catch (error) {
    return { env: { ...env }, variables: {}, notes: [], problem: error as TapbackError };
  }
}

/**
 * Reads the file of variables; a missing one has none. One that others may read is made this user's alone.
 * @throws TapbackError `ENV_FILE_EXPOSED` where others may write it: what stands in it may not be from this user;
 *   `ENV_FILE_UNREADABLE`
 */
export function readVariables(stateDir: string): { text: string; variables: Variables; notes: string[] } {
  const path = environmentPath(stateDir);
  try {
    const { mode, uid } = statSync(path);
    if ((mode & 0o022) !== 0 || isForeign(uid)) throw exposed(path);
    const notes: string[] = [];
    if ((mode & 0o044) !== 0) {
      chmodSync(path, 0o600);
      notes.push(`${path} could be read by others; it is yours alone now (mode 0600)`);
    }
    const text = readFileSync(path, "utf8");
    return { text, variables: variablesIn(text), notes };
  } catch (error) {
    if (error instanceof TapbackError) throw error;
    // Where there is no state directory there is no file; what is wrong with the directory, those say who need it.
    if (["ENOENT", "ENOTDIR"].includes(errnoOf(error) ?? "")) return { text: "", variables: {}, notes: [] };
    throw new TapbackError("ENV_FILE_UNREADABLE", `${path} cannot be read: ${messageOf(error)}`, {
      hint: "Make it a file that this user may read (mode 0600), or remove it.",
      cause: error,
    });
  }
}

/** Another user's file, unless that is the machine's administrator. */
function isForeign(uid: number): boolean {
  const own = process.getuid?.() ?? uid;
  return uid !== own && uid !== 0 && own !== 0;
}

function exposed(path: string): TapbackError {
  return new TapbackError("ENV_FILE_EXPOSED", `others can write into ${path}, which holds keys`, {
    hint: `Look through it, then: chmod 600 ${path} (or \`tapback doctor --fix\`)`,
  });
}
