import { realpathSync } from "node:fs";
import { errnoOf, makeFolder, messageOf, TapbackError, writeFileAtomic } from "../../platform/index.js";
import { withFileLock } from "../edit/file-lock.js";
import { environmentPath, readVariables } from "./file.js";
import { withoutVariable, withVariable } from "./text.js";

/**
 * Puts a variable into the file, which is made (0600) where there is none; all else in it stays.
 * @throws TapbackError `ENV_FILE_EDIT_FAILED`, `ENV_FILE_EXPOSED`, `ENV_FILE_UNREADABLE`, `CONFIG_LOCKED`; the file is as it was
 */
export async function setVariable(stateDir: string, name: string, value: string): Promise<void> {
  await change(stateDir, name, (text) => withVariable(text, name, value));
}

/**
 * Takes a variable out of the file.
 * @returns whether it was there
 * @throws as {@link setVariable}
 */
export async function removeVariable(stateDir: string, name: string): Promise<boolean> {
  if (!Object.hasOwn(readVariables(stateDir).variables, name)) return false;
  await change(stateDir, name, (text) => withoutVariable(text, name));
  return true;
}

async function change(
  stateDir: string,
  name: string,
  edit: (text: string) => string | undefined,
): Promise<void> {
  const path = environmentPath(stateDir);
  makeFolder(stateDir);
  await withFileLock(path, async () => {
    const after = edit(readVariables(stateDir).text);
    if (after === undefined)
      throw new TapbackError("ENV_FILE_EDIT_FAILED", `${name} cannot be changed in ${path} for sure`, {
        hint: "Change the file by hand. A value that holds every kind of quote cannot stand in it, and a line that is neither a variable nor a comment may run into the next one.",
      });
    try {
      writeFileAtomic(targetOf(path), after);
    } catch (error) {
      throw new TapbackError("ENV_FILE_EDIT_FAILED", `${path} cannot be written: ${messageOf(error)}`, {
        hint: "Make its folder writable for this user.",
        cause: error,
      });
    }
  });
}

/** A link stays a link: the file that it leads to is replaced. */
function targetOf(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return path;
    throw error;
  }
}
