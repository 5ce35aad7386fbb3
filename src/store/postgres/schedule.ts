import { orNull, orUndefined } from "../rows/columns.js";
import { keptMs, type Plan, toMessage } from "../rows/scheduled.js";
import type { ScheduledMessage, ScheduledRun, ScheduleStore, ScheduleTerms } from "../schedule.js";
import { holdDrafts } from "./drafts.js";
import { insertAll } from "./insert-outbox.js";
import { mustRun } from "./running-turns.js";
import { insertTurn } from "./session-head.js";
import type { Base } from "./statements.js";
import { json } from "./words.js";

/** Messages and turns for later. */
export class PostgresSchedule implements ScheduleStore {
  constructor(private readonly base: Base) {}

  add(
    message: ScheduledMessage,
    { most = Number.MAX_SAFE_INTEGER, by }: ScheduleTerms = {},
  ): Promise<boolean> {
    const { id, account, sessionKey, dueAt, createdAt, item, repeat, runsTurn, maker } = message;
    const plan: Plan = { repeat, runsTurn, maker };
    return this.base.write(["schedule"], async (tx) => {
      const { sql } = tx;
      if (by) await mustRun(tx, by.turnId, by.run);
      if (await sql("SELECT 1 FROM schedule WHERE id = ?").get(id)) return true;
      const row = await sql(
        "SELECT count(*) AS waiting FROM schedule WHERE ended_at IS NULL AND account = ? AND item ->> 'chatKey' = ?",
      ).get(account, item.chatKey);
      if (Number(row!.waiting) >= most) return false;
      await sql(
        "INSERT INTO schedule (id, account, session_key, due_at, created_at, item, plan) VALUES (?, ?, ?, ?, ?, ?, ?)",
      ).run(id, account, sessionKey, Math.ceil(dueAt), createdAt, json(item), json(plan));
      return true;
    });
  }

  async list(): Promise<ScheduledMessage[]> {
    const rows = await this.base
      .sql("SELECT * FROM schedule WHERE ended_at IS NULL ORDER BY due_at, created_at, id")
      .all();
    return rows.map(toMessage);
  }

  cancel(id: string): Promise<boolean> {
    return this.base.write(["schedule"], async ({ sql }) => {
      const ended = await sql(
        "UPDATE schedule SET ended_at = coalesce(ended_at, due_at) WHERE id = ? AND ended_at IS NULL",
      ).run(id);
      return ended > 0;
    });
  }

  async nextDue(except: readonly string[] = []): Promise<number | undefined> {
    const row = await this.base
      .sql("SELECT min(due_at) AS due FROM schedule WHERE ended_at IS NULL AND account <> ALL(?)")
      .get(except);
    return orUndefined<number>(row!.due);
  }

  hand(
    { id, dueAt }: Pick<ScheduledMessage, "id" | "dueAt">,
    { items, holds = [], turn, next }: ScheduledRun,
    at: number,
  ): Promise<boolean> {
    const topics = [
      "outbox",
      "schedule",
      "turns",
      ...(holds.length > 0 ? (["drafts"] as const) : []),
    ] as const;
    return this.base.write(topics, async (tx) => {
      // Kept for a while, so that a turn that runs again does not schedule it again.
      await tx.sql("DELETE FROM schedule WHERE ended_at < ?").run(at - keptMs);
      const handed = await tx
        .sql(
          `UPDATE schedule SET due_at = coalesce(?1, due_at), ended_at = CASE WHEN ?1::bigint IS NULL THEN ?2::bigint END
           WHERE id = ?3 AND due_at = ?4 AND ended_at IS NULL RETURNING account`,
        )
        .get(orNull(next), at, id, dueAt);
      if (!handed) return false;
      await insertAll(tx, String(handed.account), items, at);
      await holdDrafts(tx, holds, at);
      if (turn) await insertTurn(tx, turn, at);
      return true;
    });
  }
}
