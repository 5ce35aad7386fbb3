import { readFile } from "node:fs/promises";
import { err, errnoOf, messageOf, ok, type Result } from "../platform/index.js";
import type { ConfigError } from "./problem.js";

/** Reads the text of a configuration file. @returns undefined where there is none, or why it cannot be read */
export async function readSource(path: string): Promise<Result<string | undefined, ConfigError>> {
  try {
    return ok(await readFile(path, "utf8"));
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return ok(undefined);
    if (errnoOf(error) === "EISDIR") return err(atFile("this is a folder", "a file"));
    return err(atFile(`the file cannot be read: ${messageOf(error)}`, "a file that you may read"));
  }
}

/** @returns what is to be said of the whole file */
export function atFile(message: string, expected: string | null): ConfigError {
  return { path: "", line: 0, column: 0, message, expected, suggestion: null };
}
