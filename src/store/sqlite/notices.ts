import type { NewNotice, NoticeStore } from "../notices.js";
import { insertOutbox } from "./insert-outbox.js";
import type { Base } from "./statements.js";

/** What owners were told, so that nothing is told again and again. */
export class SqliteNotices implements NoticeStore {
  constructor(private readonly base: Base) {}

  post(account: string, notice: NewNotice, at: number): Promise<boolean> {
    const { sql, write } = this.base;
    return write(["outbox"], () => {
      const told = sql(
        `INSERT INTO notice (account, key, told_at) VALUES (?, ?, ?)
         ON CONFLICT (account, key) DO UPDATE SET told_at = excluded.told_at WHERE told_at <= excluded.told_at - ?`,
      ).run(account, notice.key, at, notice.windowMs);
      if (Number(told.changes) === 0) return false;
      for (const item of notice.items) insertOutbox(this.base, account, item, at);
      return true;
    });
  }
}
