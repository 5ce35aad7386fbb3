import { createHash } from "node:crypto";
import { join } from "node:path";
import { treeOf } from "../../config/fitting/index.js";
import { idThere } from "../there/accounts.js";
import { askDatabase } from "./database.js";
import { filesIn, type Read, readJson, sorted } from "./files.js";
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

/** Where catch-up stood, and what could not be read of it. */
export interface ReadCursors {
  cursors: ImportedCursor[];
  problems: string[];
}

/**
 * Reads the catch-up cursors of all accounts, from OpenClaw's database and from the files of earlier releases: of two the
 * one that reaches further. What has another shape is passed over.
 * @param accounts ids, as they are compared there; the database keeps them as hashes
 */
export function readCursors(source: Source, accounts: readonly string[]): ReadCursors {
  const cursors = new Map<string, ImportedCursor>();
  const { values, problems } = sorted([...fromFiles(source), fromDatabase(source, accounts)]);
  for (const cursor of values.flat()) {
    const known = cursors.get(cursor.account);
    if (known === undefined || known.lastSeenRowid <= cursor.lastSeenRowid)
      cursors.set(cursor.account, cursor);
  }
  return { cursors: [...cursors.values()], problems };
}

function fromFiles({ stateDir }: Source): Read<ImportedCursor[]>[] {
  const folder = join(stateDir, "imessage", "catchup");
  const names = filesIn(folder);
  if (names === undefined || "problem" in names) return [names];
  return names.value.flatMap((name): Read<ImportedCursor[]>[] => {
    const account = idThere(/^(.+)__[^_]+\.json$/.exec(name)?.[1] ?? "");
    if (account === undefined) return [];
    const read = readJson(join(folder, name));
    return [read && "value" in read ? { value: cursorOf(account, read.value) } : read];
  });
}

function fromDatabase({ stateDir }: Source, accounts: readonly string[]): Read<ImportedCursor[]> {
  const table = "plugin_state_entries";
  const sql = `SELECT entry_key, value_json FROM ${table} WHERE plugin_id = 'imessage' AND namespace = 'imessage.catchup-cursors'`;
  const found = askDatabase(stateDir, table, sql);
  if (found === undefined || "problem" in found) return found;
  const ids = new Map(accounts.map((id) => [createHash("sha256").update(id).digest("hex").slice(0, 32), id]));
  const value = found.value.flatMap(({ entry_key, value_json }) => {
    const account = ids.get(String(entry_key));
    return account === undefined ? [] : cursorOf(account, parsed(String(value_json)));
  });
  return { value };
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
