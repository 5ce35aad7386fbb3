import { statSync } from "node:fs";
import { join } from "node:path";
import { type Database, messageOf, openDatabase, type SqlValue } from "../../platform/index.js";
import { type Read, tryTo } from "./files.js";

/**
 * Asks the database in which OpenClaw has kept its state since summer 2026, `state/openclaw.sqlite`, without changing it.
 * @returns undefined where there is none, or no such table; a problem where it cannot be read
 */
export function askDatabase(
  stateDir: string,
  table: string,
  sql: string,
  ...values: SqlValue[]
): Read<Record<string, SqlValue>[]> {
  const path = join(stateDir, "state", "openclaw.sqlite");
  const there = tryTo(path, () => statSync(path));
  if (there === undefined || "problem" in there) return there;
  let database: Database | undefined;
  try {
    database = openDatabase(path, { readOnly: true });
    const known = database
      .prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?")
      .get(table);
    return known === undefined ? undefined : { value: database.prepare(sql).all(...values) };
  } catch (error) {
    return { problem: `${path} cannot be read: ${messageOf(error)}` };
  } finally {
    database?.close();
  }
}
