import { chmodSync, realpathSync } from "node:fs";
import { dirname } from "node:path";
import {
  type Database,
  makeFolder,
  messageOf,
  openDatabase,
  sleep,
  TapbackError,
} from "../../platform/index.js";

/** How long a change waits for those before it, milliseconds; each takes well under a second. */
const longestWaitMs = 60_000;
const retryMs = 20;

/**
 * Does some work while no other process that asks for the same lock is at it. The lock is an exclusive transaction on
 * an empty database beside the file: the system drops it with the process that holds it.
 * @param path of the file to be changed, absolute; its folder is made (0700) where it is missing
 * @throws `CONFIG_LOCKED` when others hold it for too long; the file system's error, or SQLite's
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  makeFolder(dirname(path));
  const lock = `${realPath(path)}.lock`;
  const database = openDatabase(lock, { busyTimeoutMs: 0 });
  try {
    chmodSync(lock, 0o600);
    await lockWithin(database, path, Date.now() + longestWaitMs);
    return await work();
  } finally {
    database.close();
  }
}

async function lockWithin(database: Database, path: string, end: number): Promise<void> {
  while (!isLockedNow(database)) {
    if (Date.now() > end)
      throw new TapbackError(
        "CONFIG_LOCKED",
        `${path} is being changed by another process, which does not end`,
        {
          retryable: true,
          hint: `End what holds ${path}.lock, then try again.`,
        },
      );
    await sleep(retryMs);
  }
}

function isLockedNow(database: Database): boolean {
  try {
    database.exec("BEGIN EXCLUSIVE");
    return true;
  } catch (error) {
    if (/locked|busy/i.test(messageOf(error))) return false;
    throw error;
  }
}

/** Two names of one file have one lock. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
