import { farRows, isFarAbove, type MessageRow, newestRowId } from "../../conversation/index.js";
import type { AccountFacts, AccountStore, SeenSend } from "../accounts.js";
import type { Claim, Held } from "../claim.js";
import { cursorsOf, leapsLookedAt, resumeFrom, sendsLookedAt } from "../rows/account.js";
import { orUndefined } from "../rows/columns.js";
import { type Base, isRunning } from "./statements.js";

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
           WHERE running IN (SELECT id FROM turn WHERE ${isRunning} AND owner <> ?)`).run(node);
      sql(
        `UPDATE turn SET state = 'queued', owner = NULL, deaths = deaths + at_risk, at_risk = 0 WHERE ${isRunning} AND owner <> ?`,
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
    return resumeFrom(this.base.sql("SELECT cursor, first FROM account WHERE id = ?").get(account));
  }

  async known(): Promise<string[]> {
    return this.base
      .sql("SELECT id FROM account ORDER BY id")
      .all()
      .map(({ id }) => String(id));
  }

  async ownAddresses(account: string): Promise<string[]> {
    return this.base
      .sql("SELECT address FROM own_address WHERE account = ? ORDER BY address")
      .all(account)
      .map(({ address }) => String(address));
  }

  async seenSends(account: string, limit: number): Promise<SeenSend[]> {
    return this.base
      .sql(
        `SELECT o.taken_at, j.sent_at, j.received_at FROM
           (SELECT * FROM outbox WHERE account = ?1 AND taken_at IS NOT NULL ORDER BY taken_at DESC LIMIT ?3) o
           CROSS JOIN journal j ON j.account = ?1 AND j.guid = o.guid
         WHERE o.attempts = 1 AND j.own = 1 AND j.arrival = 'live' ORDER BY o.taken_at DESC, o.id DESC LIMIT ?2`,
      )
      .all(account, limit, sendsLookedAt)
      .map((row) => ({
        takenAt: Number(row.taken_at),
        sentAt: Number(row.sent_at),
        receivedAt: Number(row.received_at),
      }))
      .reverse();
  }

  setCursor(claim: Claim, rowId: number): Promise<Held> {
    const { sql, writeToDisk } = this.base;
    // Without it the next start would begin from now, and what came since would never be told again.
    return writeToDisk([], () => {
      const was = Number(sql("SELECT cursor FROM account WHERE id = ?").get(claim.id)?.cursor);
      const is = held(
        sql("UPDATE account SET cursor = ?1, first = ?1 WHERE id = ?2 AND fence = ?3").run(
          rowId,
          claim.id,
          claim.fence,
        ),
      );
      // In another database the rows of what is on its way have numbers that start again.
      if (is === "ok" && rowId < was)
        sql(
          "UPDATE outbox SET floor_row = ?1 WHERE account = ?2 AND state IN ('pending', 'sending') AND floor_row > ?1",
        ).run(rowId, claim.id);
      return is;
    });
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

/**
 * Moves an account's cursor behind rows that were journaled and that its subscription reported, unless an id cannot be
 * believed yet (behaviour 9.5); inside the transaction that journals them, so that of two rows that leap each is there for
 * the other.
 */
export function moveCursor({ sql }: Base, account: string, rows: readonly MessageRow[]): void {
  const seen = cursorsOf(rows);
  if (seen.length === 0) return;
  const cursor = Number(sql("SELECT cursor FROM account WHERE id = ?").get(account)!.cursor);
  const near = sql(
    `SELECT row_id FROM journal WHERE id > (SELECT max(id) FROM journal) - ${leapsLookedAt}
       AND +account = ? AND row_id <> ? AND abs(row_id - ?) <= ? LIMIT 1`,
  );
  for (const id of seen.filter((id) => isFarAbove(id, cursor))) {
    const other = near.get(account, id, id, farRows);
    if (other) seen.push(Number(other.row_id));
  }
  const newest = newestRowId(cursor, seen);
  if (newest > cursor) sql("UPDATE account SET cursor = ? WHERE id = ?").run(newest, account);
}
