import { createHash } from "node:crypto";
import { join } from "node:path";
import { treeOf } from "../../config/fitting/index.js";
import { idThere } from "../there/accounts.js";
import { askDatabase } from "./database.js";
import { filesIn, readLeniently } from "./files.js";
import type { Source } from "./sources.js";

/** Where catch-up stood when the other gateway ran last (behaviour 9.4). */
export interface ImportedCursor {
  /** Account id. */
  account: string;
  lastSeenMs: number;
  lastSeenRowid: number;
  updatedAt: number;
  failureRetries: Record<string, number>;
}

/**
 * Reads the catch-up cursors of all accounts, from OpenClaw's database and from the files of earlier releases: of two the
 * one that reaches further. What has another shape is passed over.
 * @param accounts ids, as they are compared there; the database keeps them as hashes
 */
export function readCursors(source: Source, accounts: readonly string[]): ImportedCursor[] {
  const cursors = new Map<string, ImportedCursor>();
  for (const cursor of [...fromFiles(source), ...fromDatabase(source, accounts)]) {
    const known = cursors.get(cursor.account);
    if (known === undefined || known.lastSeenRowid <= cursor.lastSeenRowid)
      cursors.set(cursor.account, cursor);
  }
  return [...cursors.values()];
}

function fromFiles({ stateDir }: Source): ImportedCursor[] {
  const folder = join(stateDir, "imessage", "catchup");
  return filesIn(folder).flatMap((name) => {
    const account = idThere(/^(.+)__[^_]+\.json$/.exec(name)?.[1] ?? "");
    return account === undefined ? [] : cursorOf(account, readLeniently(join(folder, name)));
  });
}

function fromDatabase({ stateDir }: Source, accounts: readonly string[]): ImportedCursor[] {
  const table = "plugin_state_entries";
  const sql = `SELECT entry_key, value_json FROM ${table} WHERE plugin_id = 'imessage' AND namespace = 'imessage.catchup-cursors'`;
  const found = askDatabase(stateDir, table, sql);
  if (found === undefined || "problem" in found) return [];
  const ids = new Map(accounts.map((id) => [createHash("sha256").update(id).digest("hex").slice(0, 32), id]));
  return found.rows.flatMap(({ entry_key, value_json }) => {
    const account = ids.get(String(entry_key));
    return account === undefined ? [] : cursorOf(account, parsed(String(value_json)));
  });
}

function cursorOf(account: string, value: unknown): ImportedCursor[] {
  const { lastSeenMs, lastSeenRowid, updatedAt, failureRetries } = treeOf(value);
  if (typeof lastSeenMs !== "number" || typeof lastSeenRowid !== "number") return [];
  const retries = Object.entries(treeOf(failureRetries)).filter(([, count]) => typeof count === "number");
  return [
    {
      account,
      lastSeenMs,
      lastSeenRowid,
      updatedAt: typeof updatedAt === "number" ? updatedAt : lastSeenMs,
      failureRetries: Object.fromEntries(retries) as Record<string, number>,
    },
  ];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
