import type { NewNotice, NoticeStore } from "../notices.js";
import { insertAll } from "./insert-outbox.js";
import type { Base } from "./statements.js";

/** What owners were told, so that nothing is told again and again. */
export class PostgresNotices implements NoticeStore {
  constructor(private readonly base: Base) {}

  post(account: string, notice: NewNotice, at: number): Promise<boolean> {
    return this.base.write(["outbox"], async (tx) => {
      const told = await tx
        .sql(
          `INSERT INTO notice AS had (account, key, told_at) VALUES (?, ?, ?)
           ON CONFLICT (account, key) DO UPDATE SET told_at = excluded.told_at WHERE had.told_at <= excluded.told_at - ?`,
        )
        .run(account, notice.key, at, notice.windowMs);
      if (told > 0) await insertAll(tx, account, notice.items, at);
      return told > 0;
    });
  }
}
