import type { AccountFacts, AccountStore } from "../accounts.js";
import type { Claim, Held } from "../claim.js";
import { type Base, orUndefined } from "./statements.js";

/** Rows that are read again at a start: about 20 ms each in a large database (protocol reference 12, row 6). */
const overlapRows = 20;

/** Who owns an account, and how far its rows were journaled. */
export class SqliteAccounts implements AccountStore {
  constructor(private readonly base: Base) {}

  claim(account: string, node: string): Promise<{ claim: Claim; facts: AccountFacts }> {
    const { sql, writeToDisk } = this.base;
    return writeToDisk(["turns", "outbox"], () => {
      sql("INSERT OR IGNORE INTO account (id) VALUES (?)").run(account);
      const row = sql("SELECT cursor, stopped_at, fence FROM account WHERE id = ?").get(account)!;
      const fence = Number(row.fence) + 1;
      sql("UPDATE account SET node = ?, fence = ?, stopped_at = NULL WHERE id = ?").run(node, fence, account);
      // The state lock proves that whoever ran these is dead: they are queued again, in their old place. Also those of
      // accounts that are no longer served, for sessions are shared between accounts.
      sql(`UPDATE session SET running = NULL, head = (SELECT seq FROM turn WHERE id = session.running)
           WHERE running IN (SELECT id FROM turn WHERE state = 'running' AND owner <> ?)`).run(node);
      sql(
        "UPDATE turn SET state = 'queued', owner = NULL, deaths = deaths + at_risk, at_risk = 0 WHERE state = 'running' AND owner <> ?",
      ).run(node);
      const facts: AccountFacts = { cursor: Number(row.cursor) };
      const stoppedAt = orUndefined<number>(row.stopped_at);
      if (stoppedAt !== undefined) facts.stoppedAt = stoppedAt;
      return { claim: { kind: "account", id: account, owner: node, fence, attempt: 1 }, facts };
    });
  }

  release(claim: Claim, at: number): Promise<Held> {
    const { sql, writeToDisk } = this.base;
    return writeToDisk([], () =>
      held(
        sql("UPDATE account SET node = NULL, stopped_at = ? WHERE id = ? AND fence = ?").run(
          at,
          claim.id,
          claim.fence,
        ),
      ),
    );
  }

  async cursor(account: string): Promise<number> {
    return Number(this.base.sql("SELECT cursor FROM account WHERE id = ?").get(account)?.cursor ?? 0);
  }

  async resumePoint(account: string): Promise<number> {
    const row = this.base.sql("SELECT cursor, first FROM account WHERE id = ?").get(account);
    const cursor = Number(row?.cursor ?? 0);
    if (cursor <= 0) return cursor;
    const point = Math.max(Number(row!.first), cursor - overlapRows);
    // 0 would mean "from now" (protocol reference 12, row 2).
    return point > 0 ? point : -1;
  }

  setCursor(claim: Claim, rowId: number): Promise<Held> {
    const { sql, write } = this.base;
    return write([], () =>
      held(
        sql("UPDATE account SET cursor = ?, first = ? WHERE id = ? AND fence = ?").run(
          rowId,
          rowId,
          claim.id,
          claim.fence,
        ),
      ),
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
