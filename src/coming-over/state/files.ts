import { readdirSync, readFileSync } from "node:fs";
import JSON5 from "json5";

/** @returns the names of the files of a folder in order; none where it cannot be read */
export function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** @returns what a file holds, or undefined where it cannot be read */
export function readLeniently(path: string): unknown {
  try {
    return JSON5.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}
