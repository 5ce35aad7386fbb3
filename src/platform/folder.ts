import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { errnoOf } from "./errors.js";

/** Whether this is a folder, for all that this user may see of it. */
export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/**
 * Makes a folder and those above it that are missing. Node's own recursive mkdir never returns where a file system
 * answers ENOENT below a folder that exists, as /proc does.
 * @param mode permissions of the folders that are made
 * @throws the file system's error
 */
export function makeFolder(path: string, mode = 0o700): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    if (errnoOf(error) === "EEXIST" && statSync(path).isDirectory()) return;
    if (errnoOf(error) !== "ENOENT" || dirname(path) === path) throw error;
    makeFolder(dirname(path), mode);
    mkdirSync(path, { mode });
  }
}
