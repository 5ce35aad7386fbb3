import { existsSync } from "node:fs";
import { join } from "node:path";
import { openDatabase } from "../../../src/platform/index.js";

/** What the gateway's own database says is left to do, and how it judges what was done. */
export interface StateSummary {
  /** Rows that wait for a decision or a turn's end. */
  openRows: number;
  openTurns: number;
  /** Outbox items per state. */
  outbox: Record<string, number>;
}

/** Looks into the state database from outside. @returns undefined while there is none */
export function readState(folder: string): StateSummary | undefined {
  const path = join(folder, "state/state.db");
  if (!existsSync(path)) return undefined;
  const database = openDatabase(path, { readOnly: true });
  try {
    const count = (sql: string) => Number(database.prepare(sql).get()!.n);
    return {
      openRows: count("SELECT count(*) AS n FROM journal WHERE state NOT IN ('done', 'failed')"),
      openTurns: count("SELECT count(*) AS n FROM turn WHERE state IN ('queued', 'running')"),
      outbox: Object.fromEntries(
        database
          .prepare("SELECT state, count(*) AS n FROM outbox GROUP BY state")
          .all()
          .map((row) => [String(row.state), Number(row.n)]),
      ),
    };
  } catch {
    // Not migrated yet.
    return undefined;
  } finally {
    database.close();
  }
}

/** Whether nothing is under way any more. */
export function isSettled(state: StateSummary | undefined): boolean {
  if (state === undefined) return false;
  const { pending = 0, sending = 0 } = state.outbox;
  return state.openRows === 0 && state.openTurns === 0 && pending === 0 && sending === 0;
}
