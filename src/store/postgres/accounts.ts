import { farRows, isFarAbove, type MessageRow, newestRowId } from "../../conversation/index.js";
import { TapbackError } from "../../platform/index.js";
import type { AccountFacts, AccountStore, SeenSend } from "../accounts.js";
import type { Claim, Held } from "../claim.js";
import { cursorsOf, leapsLookedAt, resumeFrom, sendsLookedAt } from "../rows/account.js";
import { orUndefined } from "../rows/columns.js";
import { queueAgain } from "./queue-again.js";
import type { Base, Tx } from "./statements.js";

/** Who owns an account, and how far its rows were journaled. */
export class PostgresAccounts implements AccountStore {
  constructor(private readonly base: Base) {}

  async claim(account: string, node: string): Promise<{ claim: Claim; facts: AccountFacts }> {
    // A refusal inside of a transaction would have others begun again.
    await mustBeFree(this.base, account, node);
    return this.base.write(["turns", "outbox", "nodes"], async (tx) => {
      const { sql } = tx;
      await sql("INSERT INTO account (id) VALUES (?) ON CONFLICT DO NOTHING").run(account);
      const row = (await sql("SELECT cursor, stopped_at, fence FROM account WHERE id = ? FOR UPDATE").get(
        account,
      ))!;
      await mustBeFree(tx, account, node);
      const fence = Number(row.fence) + 1;
      await sql("UPDATE account SET node = ?, fence = ?, stopped_at = NULL WHERE id = ?").run(
        node,
        fence,
        account,
      );
      // Whoever ran these is no node and therefore dead: they are queued again, in their old place. Also those of accounts that
      // are no longer served, for sessions are shared between accounts.
      await queueAgain(
        tx,
        "turn.owner <> ? AND NOT EXISTS (SELECT 1 FROM node WHERE node.id = turn.owner)",
        node,
      );
      const facts: AccountFacts = { cursor: Number(row.cursor) };
      const stoppedAt = orUndefined<number>(row.stopped_at);
      if (stoppedAt !== undefined) facts.stoppedAt = stoppedAt;
      return { claim: { kind: "account", id: account, owner: node, fence, attempt: 1 }, facts };
    });
  }

  release(claim: Claim, at: number): Promise<Held> {
    return this.base.write(["nodes"], async ({ sql }) =>
      held(
        await sql("UPDATE account SET node = NULL, stopped_at = ? WHERE id = ? AND fence = ?").run(
          at,
          claim.id,
          claim.fence,
        ),
      ),
    );
  }

  async cursor(account: string): Promise<number> {
    return Number((await this.base.sql("SELECT cursor FROM account WHERE id = ?").get(account))?.cursor ?? 0);
  }

  async resumePoint(account: string): Promise<number> {
    return resumeFrom(await this.base.sql("SELECT cursor, first FROM account WHERE id = ?").get(account));
  }

  async known(): Promise<string[]> {
    return (await this.base.sql("SELECT id FROM account ORDER BY id").all()).map(({ id }) => String(id));
  }

  async ownAddresses(account: string): Promise<string[]> {
    const rows = await this.base
      .sql("SELECT address FROM own_address WHERE account = ? ORDER BY address")
      .all(account);
    return rows.map(({ address }) => String(address));
  }

  async seenSends(account: string, limit: number): Promise<SeenSend[]> {
    const rows = await this.base
      .sql(
        `SELECT o.taken_at, j.sent_at, j.received_at FROM
           (SELECT * FROM outbox WHERE account = ?1 AND taken_at IS NOT NULL ORDER BY taken_at DESC LIMIT ?3) o
           JOIN journal j ON j.account = ?1 AND j.guid = o.guid
         WHERE o.attempts = 1 AND j.own = 1 AND j.arrival = 'live' ORDER BY o.taken_at DESC, o.id DESC LIMIT ?2`,
      )
      .all(account, limit, sendsLookedAt);
    return rows
      .map((row) => ({
        takenAt: Number(row.taken_at),
        sentAt: Number(row.sent_at),
        receivedAt: Number(row.received_at),
      }))
      .reverse();
  }

  setCursor(claim: Claim, rowId: number): Promise<Held> {
    // Without it the next start would begin from now, and what came since would never be told again.
    return this.base.write([], async ({ sql }) => {
      const account = await sql("SELECT cursor FROM account WHERE id = ? FOR UPDATE").get(claim.id);
      const is = held(
        await sql("UPDATE account SET cursor = ?1, first = ?1 WHERE id = ?2 AND fence = ?3").run(
          rowId,
          claim.id,
          claim.fence,
        ),
      );
      // In another database the rows of what is on its way have numbers that start again.
      if (is === "ok" && rowId < Number(account?.cursor))
        await sql(
          "UPDATE outbox SET floor_row = ?1 WHERE account = ?2 AND state IN ('pending', 'sending') AND floor_row > ?1",
        ).run(rowId, claim.id);
      return is;
    });
  }
}

/** @throws `ACCOUNT_ELSEWHERE` when another node has the account; one that is no node any more counts as dead */
async function mustBeFree({ sql }: Tx, account: string, node: string): Promise<void> {
  const owner = await sql(
    "SELECT node.name FROM account JOIN node ON node.id = account.node WHERE account.id = ? AND node.id <> ?",
  ).get(account, node);
  if (owner)
    throw new TapbackError("ACCOUNT_ELSEWHERE", `the account ${account} is served by ${owner.name}`, {
      hint: "Ask there what you would ask here; this gateway takes it over when that one ends.",
    });
}

/** `ok` when the statement met its row. */
export function held(changes: number): Held {
  return changes > 0 ? "ok" : "lost";
}

/**
 * Whether an account's claim still holds, until the end of the transaction that relies on it: whoever takes the account over
 * waits for that.
 */
export async function holds({ sql }: Tx, claim: Claim): Promise<boolean> {
  const row = await sql("SELECT fence FROM account WHERE id = ? FOR SHARE").get(claim.id);
  return row?.fence === claim.fence;
}

/**
 * Moves an account's cursor behind rows that were journaled, unless an id cannot be believed yet (behaviour 9.5); inside
 * the transaction that journals them, so that of two rows that leap each is there for the other.
 */
export async function moveCursor({ sql }: Tx, account: string, rows: readonly MessageRow[]): Promise<void> {
  const seen = cursorsOf(rows);
  if (seen.length === 0) return;
  const cursor = Number((await sql("SELECT cursor FROM account WHERE id = ?").get(account))!.cursor);
  const near = sql(
    `SELECT row_id FROM journal WHERE id > (SELECT max(id) FROM journal) - ${leapsLookedAt}
       AND account = ?1 AND row_id <> ?2 AND row_id BETWEEN ?2::bigint - ?3 AND ?2::bigint + ?3 LIMIT 1`,
  );
  for (const id of seen.filter((id) => isFarAbove(id, cursor))) {
    const other = await near.get(account, id, farRows);
    if (other) seen.push(Number(other.row_id));
  }
  const newest = newestRowId(cursor, seen);
  if (newest > cursor) await sql("UPDATE account SET cursor = ? WHERE id = ?").run(newest, account);
}
