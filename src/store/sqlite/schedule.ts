import type { SqlValue } from "../../platform/index.js";
import type { NewOutboxItem } from "../outbox.js";
import type { ScheduledMessage, ScheduleStore } from "../schedule.js";
import { insertOutbox } from "./outbox.js";
import { type Base, orNull, orUndefined } from "./statements.js";

/** How long a message that was sent or cancelled is known; a turn that a crash cut off runs again long before. */
const keptMs = 7 * 24 * 3600_000;

const notOf = "account NOT IN (SELECT value FROM json_each(?))";

/** Messages for later. */
export class SqliteSchedule implements ScheduleStore {
  constructor(private readonly base: Base) {}

  add(message: ScheduledMessage): Promise<void> {
    const { sql, writeToDisk } = this.base;
    return writeToDisk(["schedule"], () => {
      sql(
        "INSERT OR IGNORE INTO schedule (id, account, session_key, due_at, created_at, item) VALUES (?, ?, ?, ?, ?, ?)",
      ).run(
        message.id,
        message.account,
        message.sessionKey,
        Math.ceil(message.dueAt),
        message.createdAt,
        JSON.stringify(message.item),
      );
    });
  }

  async list(sessionKey?: string): Promise<ScheduledMessage[]> {
    return this.base
      .sql("SELECT * FROM schedule WHERE ended_at IS NULL AND (? IS NULL OR session_key = ?) ORDER BY due_at")
      .all(orNull(sessionKey), orNull(sessionKey))
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

  release(at: number, except: readonly string[] = []): Promise<number> {
    const { sql, write } = this.base;
    return write(["outbox", "schedule"], () => {
      // Kept for a while, so that a turn that runs again does not schedule it again.
      sql("DELETE FROM schedule WHERE ended_at < ?").run(at - keptMs);
      const due = sql(
        `UPDATE schedule SET ended_at = ? WHERE due_at <= ? AND ended_at IS NULL AND ${notOf} RETURNING *`,
      )
        .all(at, at, JSON.stringify(except))
        .map(toMessage);
      due.sort((a, b) => a.dueAt - b.dueAt);
      for (const message of due) insertOutbox(this.base, message.account, message.item, at);
      return due.length;
    });
  }

  expire(id: string, notices: NewOutboxItem[], at: number): Promise<void> {
    const { sql, write } = this.base;
    return write(["outbox", "schedule"], () => {
      const ended = sql(
        "UPDATE schedule SET ended_at = ? WHERE id = ? AND ended_at IS NULL RETURNING account",
      ).get(at, id);
      if (!ended) return;
      for (const notice of notices) insertOutbox(this.base, String(ended.account), notice, at);
    });
  }
}

function toMessage(row: Record<string, SqlValue>): ScheduledMessage {
  return {
    id: String(row.id),
    account: String(row.account),
    sessionKey: String(row.session_key),
    dueAt: Number(row.due_at),
    createdAt: Number(row.created_at),
    item: JSON.parse(String(row.item)) as NewOutboxItem,
  };
}
