import type { SqlValue } from "../../platform/index.js";
import type { NewOutboxItem, ScheduledMessage, ScheduleStore } from "../contract.js";
import { insertOutbox } from "./outbox.js";
import { type Base, orNull, orUndefined } from "./statements.js";

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

  list(sessionKey?: string): ScheduledMessage[] {
    return this.base
      .sql("SELECT * FROM schedule WHERE (? IS NULL OR session_key = ?) ORDER BY due_at")
      .all(orNull(sessionKey), orNull(sessionKey))
      .map(toMessage);
  }

  cancel(id: string): Promise<boolean> {
    const { sql, writeToDisk } = this.base;
    return writeToDisk(
      ["schedule"],
      () => Number(sql("DELETE FROM schedule WHERE id = ?").run(id).changes) > 0,
    );
  }

  nextDue(): number | undefined {
    return orUndefined<number>(this.base.sql("SELECT min(due_at) AS due FROM schedule").get()!.due);
  }

  release(at: number): Promise<number> {
    const { sql, write } = this.base;
    return write(["outbox", "schedule"], () => {
      const due = sql("DELETE FROM schedule WHERE due_at <= ? RETURNING *").all(at).map(toMessage);
      due.sort((a, b) => a.dueAt - b.dueAt);
      for (const message of due) insertOutbox(this.base, message.account, undefined, 0, message.item, at);
      return due.length;
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
