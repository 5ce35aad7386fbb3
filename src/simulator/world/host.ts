import { statSync, watch } from "node:fs";
import { type Clock, systemClock } from "../../platform/index.js";
import type { SharedDatabase } from "./connection.js";

/** What a process of a world has around it, as it comes in through parameters, so that a whole world fits into one process. */
export interface Host {
  clock: Clock;
  /** Number of the process. */
  pid: number;
  /** Whether the process of a number still runs. */
  isAlive(pid: number): boolean;
  /**
   * Tells of changes in a folder.
   * @param seen takes the changed file's name; null where it is not known
   * @returns what ends it; undefined where the folder cannot be watched
   */
  watch(folder: string, seen: (file: string | null) => void): { close(): void } | undefined;
  /** Told after each write to the database of a world: file systems see it by themselves. */
  wrote(): void;
  /** How often {@link wrote} was told; absent where others write as well. */
  writes?(): number;
  /** Identity of a small file's content, another one after each change; undefined where there is no such file. */
  stamp(path: string): string | undefined;
  /** Told after each change of a small file. */
  changed(path: string): void;
  /** The small files of a world by their paths, where they are kept here and not on the disk, for no other process reads them. */
  kept?: Map<string, object>;
  /** The databases of worlds by their paths, where they are kept in memory and not on the disk, for no other process reads them. */
  databases?: Map<string, SharedDatabase>;
  /** How often Messages looks for what children left behind, milliseconds (protocol reference 14). */
  lookMs: number;
}

/** The machine. */
export const systemHost: Host = {
  clock: systemClock,
  pid: process.pid,
  isAlive: (pid) => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  },
  watch: (folder, seen) => {
    try {
      return watch(folder, (_event, file) => seen(file)).on("error", () => {});
    } catch {
      return undefined;
    }
  },
  wrote: () => {},
  stamp: (path) => {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats && `${stats.mtimeMs}:${stats.ino}:${stats.size}`;
  },
  changed: () => {},
  lookMs: 50,
};
