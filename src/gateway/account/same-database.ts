import { realpathSync, statSync } from "node:fs";
import { basename } from "node:path";
import { type Account, expandHome } from "../../config/index.js";
import { localDatabase } from "./database-file.js";
import { wayTo } from "./remote-mac.js";

/** Accounts on one database would answer each message twice: the first alone is served. */
export interface Twins {
  /** Accounts of which each has a database of its own. */
  served: Account[];
  /** By the id of an account that is not served, the account that has its database. */
  twinOf: Map<string, string>;
}

/**
 * Finds accounts that would watch the same Messages database, by whatever path they name it (behaviour 1.1a).
 * @param accounts those that are enabled, in the order of the configuration
 * @param home for `~`
 */
export function twinsAmong(accounts: readonly Account[], home: string): Twins {
  const owners = new Map<string, string>();
  const twinOf = new Map<string, string>();
  const served = accounts.filter((account) => {
    const database = databaseOf(account, home);
    const other = owners.get(database);
    if (other === undefined) owners.set(database, account.id);
    else twinOf.set(account.id, other);
    return other === undefined;
  });
  return { served, twinOf };
}

/**
 * What tells a database from others: the file itself, by whatever name, and the way to it. Wrapper scripts of different names
 * may lead to different machines and users, where the same path is another file.
 */
function databaseOf(account: Account, home: string): string {
  const { mac } = wayTo(account, home);
  if (mac) return JSON.stringify([mac.host, account.dbPath]);
  const cliPath = expandHome(account.cliPath, home);
  const program = basename(cliPath) === "imsg" ? "imsg" : real(cliPath);
  const path = localDatabase(account, home);
  return JSON.stringify([program, path && fileOf(path)]);
}

/**
 * Links and other spellings lead to one file; one that is not there yet, or that this user may not look at, is known by its path:
 * what is wrong with it is that account's own to tell, and holds up no other.
 */
function fileOf(path: string): string {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return path;
  }
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
