import { orNull, orUndefined } from "../rows/columns.js";
import { keptMs, type Plan, toMessage } from "../rows/scheduled.js";
import type { ScheduledMessage, ScheduledRun, ScheduleStore, ScheduleTerms } from "../schedule.js";
import { holdDrafts } from "./drafts.js";
import { insertOutbox } from "./insert-outbox.js";
import { mustRun } from "./running-turns.js";
import type { Base } from "./statements.js";
import { insertTurn } from "./turns.js";

const notOf = "account NOT IN (SELECT value FROM json_each(?))";

/** Messages and turns for later. */
export class SqliteSchedule implements ScheduleStore {
  constructor(private readonly base: Base) {}

  add(
    message: ScheduledMessage,
    { most = Number.MAX_SAFE_INTEGER, by }: ScheduleTerms = {},
  ): Promise<boolean> {
    const { sql, writeToDisk } = this.base;
    const { id, account, sessionKey, dueAt, createdAt, item, repeat, runsTurn, maker } = message;
    const plan: Plan = { repeat, runsTurn, maker };
    return writeToDisk(["schedule"], () => {
      if (by) mustRun(this.base, by.turnId, by.run);
      if (sql("SELECT 1 FROM schedule WHERE id = ?").get(id)) return true;
      const { waiting } = sql(
        "SELECT count(*) AS waiting FROM schedule WHERE ended_at IS NULL AND account = ? AND item ->> '$.chatKey' = ?",
      ).get(account, item.chatKey)!;
      if (Number(waiting) >= most) return false;
      sql(
        "INSERT INTO schedule (id, account, session_key, due_at, created_at, item, plan) VALUES (?, ?, ?, ?, ?, ?, ?)",
      ).run(id, account, sessionKey, Math.ceil(dueAt), createdAt, JSON.stringify(item), JSON.stringify(plan));
      return true;
    });
  }

  async list(): Promise<ScheduledMessage[]> {
    return this.base
      .sql("SELECT * FROM schedule WHERE ended_at IS NULL ORDER BY due_at, created_at, id")
      .all()
      .map(toMessage);
  }

  cancel(id: string): Promise<boolean> {
    const { sql, writeToDisk } = this.base;
    return writeToDisk(["schedule"], () => {
      const { changes } = sql(
        "UPDATE schedule SET ended_at = coalesce(ended_at, due_at) WHERE id = ? AND ended_at IS NULL",
      ).run(id);
      return Number(changes) > 0;
    });
  }

  async nextDue(except: readonly string[] = []): Promise<number | undefined> {
    return orUndefined<number>(
      this.base
        .sql(`SELECT min(due_at) AS due FROM schedule WHERE ended_at IS NULL AND ${notOf}`)
        .get(JSON.stringify(except))!.due,
    );
  }

  hand(
    { id, dueAt }: Pick<ScheduledMessage, "id" | "dueAt">,
    { items, holds = [], turn, next }: ScheduledRun,
    at: number,
  ): Promise<boolean> {
    const { sql, write } = this.base;
    const topics = [
      "outbox",
      "schedule",
      "turns",
      ...(holds.length > 0 ? (["drafts"] as const) : []),
    ] as const;
    return write(topics, () => {
      // Kept for a while, so that a turn that runs again does not schedule it again.
      sql("DELETE FROM schedule WHERE ended_at < ?").run(at - keptMs);
      const handed = sql(
        `UPDATE schedule SET due_at = coalesce(?1, due_at), ended_at = CASE WHEN ?1 IS NULL THEN ?2 END
         WHERE id = ?3 AND due_at = ?4 AND ended_at IS NULL RETURNING account`,
      ).get(orNull(next), at, id, dueAt);
      if (!handed) return false;
      for (const item of items) insertOutbox(this.base, String(handed.account), item, at);
      holdDrafts(this.base, holds, at);
      if (turn) insertTurn(this.base, turn, at);
      return true;
    });
  }
}
