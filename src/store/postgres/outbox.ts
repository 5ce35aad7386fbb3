import { randomUUID } from "node:crypto";
import type { Claim, Held } from "../claim.js";
import type {
  Delivery,
  NewOutboxItem,
  OutboxItem,
  OutboxState,
  OutboxStore,
  SendOutcome,
  SendWindow,
  Sent,
  TakenItem,
} from "../outbox.js";
import { orNull, orUndefined } from "../rows/columns.js";
import { toItem } from "../rows/item.js";
import { isSurelyStopped, notDelivered, taken, toSent } from "../rows/send.js";
import { insertOutbox } from "./insert-outbox.js";
import {
  countDeliveries,
  countItems,
  findSentItem,
  firstWritten,
  handedUpTo,
  listItems,
  wasWritten,
} from "./outbox-lists.js";
import { noteUnsentCode } from "./pairing.js";
import type { Base, Row, Tx } from "./statements.js";
import { endStopped, giveUpRest, stopAnswersIn } from "./unsent-parts.js";
import { json, jsonText } from "./words.js";

/**
 * The item of each chat that comes first, and alone may be sent: the one that is under way, else one that is urgent, else
 * the oldest. Accepted items no longer hold up their chat. Takes the account as its first parameter.
 */
const heads = `SELECT coalesce(min(CASE state WHEN 'sending' THEN id END), min(CASE urgent WHEN 1 THEN id END), min(id)) AS id FROM outbox
  WHERE account = ?1 AND state IN ('pending', 'sending') AND accepted_at IS NULL GROUP BY chat_key`;

/**
 * When an item falls due. One that was last touched in the future waits for a clock that has been set back since: it is
 * due at once, for its chat must not wait until that hour comes again. Takes the time as its second parameter.
 */
const dueAt = "CASE WHEN coalesce(o.taken_at, o.created_at) > ?2 THEN ?2 ELSE o.due_at END";

/** What is to be sent, and what became of it. */
export class PostgresOutbox implements OutboxStore {
  constructor(private readonly base: Base) {}

  add(account: string, item: NewOutboxItem, at: number): Promise<number> {
    return this.base.write(["outbox"], (tx) => insertOutbox(tx, account, item, at));
  }

  take(
    claim: Claim,
    max: number,
    at: number,
    tracks: (item: OutboxItem) => boolean = () => false,
  ): Promise<TakenItem[]> {
    return this.base.write([], async ({ sql }) => {
      const account = await sql("SELECT cursor, fence FROM account WHERE id = ? FOR SHARE").get(claim.id);
      if (account?.fence !== claim.fence) return [];
      // The floor is set at the first try only: a row that an earlier try left must still be found above it.
      const rows = await sql(
        `UPDATE outbox SET state = 'sending', attempts = attempts + 1, taken_at = ?2, fence = ?4,
           floor_row = CASE WHEN attempts = 0 THEN ?5 ELSE floor_row END
         FROM (SELECT o.id AS due FROM (${heads}) h JOIN outbox o ON o.id = h.id
               WHERE o.state = 'pending' AND ${dueAt} <= ?2 ORDER BY o.id LIMIT ?3) AS first
         WHERE outbox.id = first.due RETURNING outbox.*`,
      ).all(claim.id, at, max, claim.fence, account.cursor!);
      rows.sort((one, other) => Number(one.id) - Number(other.id));
      const items: TakenItem[] = [];
      for (const row of rows) {
        const item = taken(row, claim.owner);
        items.push(item);
        if (row.attempt_id !== null || !tracks(item.item)) continue;
        // Apple's own are upper case; imsg compares exactly, and turns ours to lower case (protocol reference 16.1).
        item.item.attemptId = randomUUID();
        await sql("UPDATE outbox SET attempt_id = ? WHERE id = ?").run(item.item.attemptId, row.id!);
      }
      return items;
    });
  }

  async reconcilable(claim: Claim): Promise<TakenItem[]> {
    const rows = await this.base
      .sql(
        `SELECT * FROM outbox WHERE account = ? AND state IN ('pending', 'sending') AND accepted_at IS NULL
           AND state = 'sending' AND fence < ? ORDER BY id`,
      )
      .all(claim.id, claim.fence);
    return rows.map((row) => taken(row, claim.owner));
  }

  async accepted(account: string): Promise<TakenItem[]> {
    const rows = await this.base
      .sql(
        "SELECT * FROM outbox WHERE account = ? AND state = 'sending' AND accepted_at IS NOT NULL ORDER BY id",
      )
      .all(account);
    return rows.map((row) => taken(row, ""));
  }

  settle(claim: Claim, outcome: SendOutcome, at: number): Promise<Held | "stopped"> {
    return this.base.write(["outbox"], async (tx) => {
      const row = await tx.sql("SELECT * FROM outbox WHERE id = ? FOR UPDATE").get(Number(claim.id));
      if (!row || Number(row.fence) !== claim.fence || Number(row.attempts) !== claim.attempt) return "lost";
      // What nobody knew is known when its row turns up after all.
      const isFound = row.state === "unknown" && outcome.state === "stored";
      const isStopped = isSurelyStopped(row, outcome);
      if (isStopped && row.state === "not_sent") return "stopped";
      if (row.state !== "sending" && !isFound)
        return row.state === (outcome.state === "retry" ? "pending" : outcome.state) ? "ok" : "lost";
      if (!isStopped) return settleRow(tx, row, outcome, at);
      await endStopped(tx, Number(row.id), at);
      return "stopped";
    });
  }

  stopAnswers(account: string, chatKeys: readonly string[], at: number): Promise<number> {
    return this.base.write(["outbox"], (tx) => stopAnswersIn(tx, account, chatKeys, at));
  }

  noteDelivery(id: number, delivery: Delivery): Promise<{ firstDowngrade: boolean }> {
    return this.base.write([], async ({ sql }) => {
      const item = await sql("SELECT account, chat_key FROM outbox WHERE id = ? FOR UPDATE").get(id);
      if (item === undefined) return { firstDowngrade: false };
      const before = await sql(
        "SELECT 1 FROM outbox WHERE account = ? AND chat_key = ? AND delivery ->> 'downgraded' = 'true' LIMIT 1",
      ).get(item.account!, item.chat_key!);
      await sql("UPDATE outbox SET delivery = ? WHERE id = ?").run(json(delivery), id);
      if (delivery.deliveredAt !== undefined)
        await sql("UPDATE outbox SET state = 'delivered' WHERE id = ? AND state = 'stored'").run(id);
      if (delivery.failed)
        await sql("UPDATE outbox SET error = ? WHERE id = ? AND state = 'stored'").run(
          jsonText(notDelivered),
          id,
        );
      return { firstDowngrade: delivery.downgraded && before === undefined };
    });
  }

  async nextDue(account: string, at: number): Promise<number | undefined> {
    const row = await this.base
      .sql(
        `SELECT min(${dueAt}) AS due FROM (${heads}) h JOIN outbox o ON o.id = h.id WHERE o.state = 'pending'`,
      )
      .get(account, at);
    return orUndefined<number>(row?.due ?? null);
  }

  async get(id: number): Promise<OutboxItem | undefined> {
    const row = await this.base.sql("SELECT * FROM outbox WHERE id = ?").get(id);
    return row && toItem(row);
  }

  async getAll(ids: readonly number[]): Promise<OutboxItem[]> {
    const rows = await this.base.sql("SELECT * FROM outbox WHERE id = ANY(?)").all(ids);
    const found = new Map(rows.map((row) => [row.id, toItem(row)]));
    return ids.flatMap((id) => found.get(id) ?? []);
  }

  ofTurn(turnId: string): Promise<OutboxItem[]> {
    return this.#items("SELECT * FROM outbox WHERE turn_id = ? ORDER BY ordinal", turnId);
  }

  ofEntry(entryId: number): Promise<OutboxItem[]> {
    return this.#items("SELECT * FROM outbox WHERE entry_id = ? ORDER BY id", entryId);
  }

  async findSent(account: string, row: { guid: string; rowId: number }): Promise<OutboxItem | undefined> {
    const found = await findSentItem(this.base, account, row);
    return found && toItem(found);
  }

  async sentBetween(
    account: string,
    { since, until, before, atMost, chatKey }: SendWindow & { atMost: number; chatKey?: string },
  ): Promise<Sent> {
    return toSent(
      await this.base
        .sql(
          `SELECT count(*) AS count, min(taken_at) AS oldest FROM (SELECT taken_at FROM outbox
             WHERE account = ?1 ${chatKey === undefined ? "" : "AND chat_key = ?6"} AND taken_at > ?2 AND taken_at <= ?3
               AND ${handedUpTo("?4")} ORDER BY taken_at DESC LIMIT ?5) AS newest`,
        )
        .get(account, since, until, before, atMost, ...(chatKey === undefined ? [] : [chatKey])),
    );
  }

  firstWrittenBetween(account: string, window: SendWindow): Promise<Sent> {
    return firstWritten(this.base, account, window);
  }

  hasWritten(
    account: string,
    chatKeys: readonly string[],
    before = Number.MAX_SAFE_INTEGER,
  ): Promise<boolean> {
    return wasWritten(this.base, account, chatKeys, before);
  }

  async hasWrittenUntil(account: string, chatKeys: readonly string[], until: number): Promise<boolean> {
    const row = await this.base
      .sql(
        `SELECT 1 FROM outbox WHERE account = ? AND chat_key = ANY(?) AND ${handedUpTo("0")} AND taken_at <= ? LIMIT 1`,
      )
      .get(account, chatKeys, until);
    return row !== undefined;
  }

  async initiatives(
    account: string,
    chatKeys: readonly string[],
    { before, except, atMost }: { before: number; except: number; atMost: number },
  ): Promise<number[]> {
    const rows = await this.base
      .sql(
        `SELECT DISTINCT created_at FROM outbox WHERE account = ? AND chat_key = ANY(?)
           AND initiative IS NOT NULL AND draft IS NULL AND ${handedUpTo("?")} AND created_at <> ? ORDER BY created_at DESC LIMIT ?`,
      )
      .all(account, chatKeys, before, except, atMost);
    return rows.map(({ created_at }) => Number(created_at));
  }

  async heldIn(account: string, chatKeys: string[]): Promise<{ count: number; why: string } | undefined> {
    const row = await this.base
      .sql(
        `SELECT count(*) AS count, max(CASE error ->> 'code' WHEN 'PACED' THEN error ->> 'message' END) AS why
         FROM outbox WHERE account = ? AND chat_key = ANY(?) AND state IN ('pending', 'sending') AND accepted_at IS NULL`,
      )
      .get(account, chatKeys);
    return typeof row?.why === "string" ? { count: Number(row.count), why: row.why } : undefined;
  }

  list(filter: { account?: string; states?: OutboxState[]; limit: number }): Promise<OutboxItem[]> {
    return listItems(this.base, filter);
  }

  counts(account: string): Promise<Record<OutboxState, number>> {
    return countItems(this.base, account);
  }

  deliveries(
    account: string,
  ): Promise<{ delivered: number; read: number; downgraded: number; failed: number }> {
    return countDeliveries(this.base, account);
  }

  async #items(text: string, value: string | number): Promise<OutboxItem[]> {
    return (await this.base.sql(text).all(value)).map(toItem);
  }
}

/** What became of an item that was being sent; inside a transaction of the caller. */
async function settleRow(tx: Tx, row: Row, outcome: SendOutcome, at: number): Promise<Held> {
  const { sql } = tx;
  const id = Number(row.id);
  switch (outcome.state) {
    case "accepted":
      await sql("UPDATE outbox SET accepted_at = ?, guid = coalesce(?, guid) WHERE id = ?").run(
        at,
        orNull(outcome.guid),
        id,
      );
      break;
    case "retry":
      await sql(
        `UPDATE outbox SET state = 'pending', due_at = ?, error = ?, accepted_at = NULL, in_doubt = greatest(in_doubt, ?),
           attempt_id = CASE WHEN ?::bigint = 1 THEN '' ELSE attempt_id END WHERE id = ?`,
      ).run(
        Math.ceil(outcome.dueAt),
        json(outcome.error),
        outcome.inDoubt ? 1 : 0,
        outcome.untracked ? 1 : 0,
        id,
      );
      break;
    case "not_sent":
    case "unknown":
      await sql("UPDATE outbox SET state = ?, settled_at = ?, error = ? WHERE id = ?").run(
        outcome.state,
        at,
        json(outcome.error),
        id,
      );
      if (outcome.state === "not_sent" && row.origin === "pairing")
        await noteUnsentCode(tx, String(row.account), String(row.text));
      await giveUpRest(tx, row, at);
      break;
    default:
      await sql(
        `UPDATE outbox SET state = ?, settled_at = ?, guid = coalesce(?, guid), row_id = coalesce(?, row_id), error = NULL
         WHERE id = ?`,
      ).run(outcome.state, at, orNull(outcome.guid), orNull(outcome.rowId), id);
  }
  return "ok";
}
