import { statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Account } from "../config/index.js";
import type { FileStamp } from "../inbound/index.js";
import { commandOf } from "./probe.js";
import { wayTo } from "./remote-mac.js";

/** Where the account's database is on this machine; undefined where it is on another one, or imsg picks its own. */
export function localDatabase(account: Account, home = homedir()): string | undefined {
  if (wayTo(account, home).mac) return undefined;
  const { dbPath } = commandOf(account, home);
  if (dbPath !== undefined) return dbPath;
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
