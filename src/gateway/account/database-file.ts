import { existsSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { type Account, expandHome } from "../../config/index.js";
import { farRows } from "../../conversation/index.js";
import type { FileStamp } from "../../inbound/index.js";
import { type Database, openDatabase } from "../../platform/index.js";
import { macOf } from "./mac.js";

/** Where the account's database is on this machine; undefined where it is on another one, or imsg picks its own. */
export function localDatabase(account: Account, home = homedir()): string | undefined {
  if (macOf(account, home).remote) return undefined;
  if (account.dbPath !== undefined) return expandHome(account.dbPath, home);
  return process.platform === "darwin" ? join(home, "Library/Messages/chat.db") : undefined;
}

/** Looks at the file and its journal. @returns undefined when they cannot be seen */
export function stampOf(path: string | undefined): FileStamp | undefined {
  if (path === undefined) return undefined;
  try {
    const { dev, ino, mtimeMs, size } = statSync(path);
    const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
    return {
      file: `${dev}:${ino}`,
      content: [mtimeMs, size, log?.mtimeMs, log?.size].join(":"),
    };
  } catch {
    return undefined;
  }
}

/**
 * The highest row number of a database on this machine, as far as it can be believed (behaviour 9.5).
 * @param known a row that imsg reads: a file that does not have it is another one than imsg's
 * @returns undefined when it cannot be told
 */
export function highestRow(
  path: string | undefined,
  known: { rowId: number; guid: string },
): number | undefined {
  if (path === undefined || !existsSync(path)) return undefined;
  let database: Database | undefined;
  try {
    database = openDatabase(path, { readOnly: true, busyTimeoutMs: 200 });
    const row = database
      .prepare(
        "SELECT guid, (SELECT max(ROWID) FROM message WHERE ROWID <= ?) AS highest FROM message WHERE ROWID = ?",
      )
      .get(known.rowId + farRows, known.rowId);
    return row?.guid === known.guid ? Number(row?.highest) : undefined;
  } catch {
    // imsg tells of what is wrong with the database.
    return undefined;
  } finally {
    database?.close();
  }
}
