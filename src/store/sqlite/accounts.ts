import type { AccountFacts, AccountStore, Claim, Held } from "../contract.js";
import { type Base, orUndefined } from "./statements.js";

/** Rows that are read again at a start: about 20 ms each in a large database (protocol reference 12, row 6). */
const overlapRows = 20;
/** Rows of another database file may have any numbers: no further back than this. */
const furthestBack = 500;

/** Who owns an account, and how far its rows were journaled. */
export class SqliteAccounts implements AccountStore {
  constructor(private readonly base: Base) {}

  claim(account: string, node: string): Promise<{ claim: Claim; facts: AccountFacts }> {
    const { sql, write } = this.base;
    return write(["turns", "outbox"], () => {
      sql("INSERT OR IGNORE INTO account (id) VALUES (?)").run(account);
      const row = sql("SELECT cursor, stopped_at, fence FROM account WHERE id = ?").get(account)!;
      const fence = Number(row.fence) + 1;
      sql("UPDATE account SET node = ?, fence = ?, stopped_at = NULL WHERE id = ?").run(node, fence, account);
      // The state lock proves that whoever ran these is dead: they are queued again, in their old place. Also those of
      // accounts that are no longer served, for sessions are shared between accounts.
      sql(`UPDATE session SET running = NULL, head = (SELECT seq FROM turn WHERE id = session.running)
           WHERE running IN (SELECT id FROM turn WHERE state = 'running' AND owner <> ?)`).run(node);
      sql("UPDATE turn SET state = 'queued', owner = NULL WHERE state = 'running' AND owner <> ?").run(node);
      const facts: AccountFacts = { cursor: Number(row.cursor) };
      const stoppedAt = orUndefined<number>(row.stopped_at);
      if (stoppedAt !== undefined) facts.stoppedAt = stoppedAt;
      return { claim: { kind: "account", id: account, owner: node, fence, attempt: 1 }, facts };
    });
  }

  release(claim: Claim, at: number): Promise<Held> {
    const { sql, write } = this.base;
    return write([], () =>
      held(
        sql("UPDATE account SET node = NULL, stopped_at = ? WHERE id = ? AND fence = ?").run(
          at,
          claim.id,
          claim.fence,
        ),
      ),
    );
  }

  cursor(account: string): number {
    return Number(this.base.sql("SELECT cursor FROM account WHERE id = ?").get(account)?.cursor ?? 0);
  }

  resumePoint(account: string): number {
    const cursor = this.cursor(account);
    const { first } = this.base
      .sql(
        `SELECT min(row_id) AS first FROM
           (SELECT row_id FROM journal WHERE account = ? AND arrival = 'live' ORDER BY id DESC LIMIT ?)`,
      )
      .get(account, overlapRows)!;
    return cursor <= 0 || first === null
      ? cursor
      : Math.max(cursor - furthestBack, Math.min(cursor, Number(first)));
  }

  setCursor(claim: Claim, rowId: number): Promise<Held> {
    const { sql, write } = this.base;
    return write([], () =>
      held(sql("UPDATE account SET cursor = ? WHERE id = ? AND fence = ?").run(rowId, claim.id, claim.fence)),
    );
  }
}

/** `ok` when the statement met its row. */
export function held(result: { changes: number | bigint }): Held {
  return Number(result.changes) > 0 ? "ok" : "lost";
}

/** Whether an account's claim still holds; asked inside the transaction that relies on it. */
export function holds(base: Base, claim: Claim): boolean {
  return Number(base.sql("SELECT fence FROM account WHERE id = ?").get(claim.id)?.fence) === claim.fence;
}
