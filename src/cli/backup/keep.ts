import { copyFileSync, linkSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { errnoOf } from "../../platform/index.js";
import { filesUnder } from "./contents.js";

/**
 * Keeps the files of a folder as they are now, while a gateway goes on: what it sends meanwhile, it removes.
 * @param to a folder on the same disk, to be made
 * @param found names that were found there; looked for when absent
 * @returns the names of those that are kept, relative to both
 * @throws the file system's error, other than that a file is gone
 */
export function keepFiles(from: string, to: string, found: readonly string[] = filesUnder(from)): string[] {
  return found.filter((name) => {
    const [source, target] = [join(from, name), join(to, name)];
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    try {
      keep(source, target);
      return true;
    } catch (error) {
      // What was sent in this moment is found in Messages by a restore.
      if (errnoOf(error) === "ENOENT") return false;
      throw error;
    }
  });
}

/** Files that are there are replaced and never written to, so a second name is as good as a copy; some disks have none. */
function keep(source: string, target: string): void {
  try {
    linkSync(source, target);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") throw error;
    copyFileSync(source, target);
  }
}
