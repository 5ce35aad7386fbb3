import { readdirSync, readFileSync } from "node:fs";
import JSON5 from "json5";
import { errnoOf, messageOf } from "../../platform/index.js";

/** What was read; or, of what is there, why it could not be. Undefined where there is nothing. */
export type Read<T> = { value: T } | { problem: string } | undefined;

/** @returns the names of the files of a folder in order */
export function filesIn(folder: string): Read<string[]> {
  return tryTo(folder, () => readdirSync(folder).sort());
}

/** @returns what a file says, as JSON5 */
export function readJson(path: string): Read<unknown> {
  return tryTo(path, () => JSON5.parse(readFileSync(path, "utf8")));
}

/** Tells what is not there from what cannot be read: only the former says that there was nothing. @param path of what is read */
export function tryTo<T>(path: string, read: () => T): Read<T> {
  try {
    return { value: read() };
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(errnoOf(error) ?? "")) return undefined;
    return { problem: `${path} cannot be read: ${messageOf(error)}` };
  }
}

/** @returns what was read, and why of the rest it could not be */
export function sorted<T>(reads: readonly Read<T>[]): { values: T[]; problems: string[] } {
  return {
    values: reads.flatMap((read) => (read !== undefined && "value" in read ? [read.value] : [])),
    problems: reads.flatMap((read) => (read !== undefined && "problem" in read ? [read.problem] : [])),
  };
}
