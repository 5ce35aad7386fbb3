import { randomUUID } from "node:crypto";
import type { SqlValue } from "../../platform/index.js";
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
import { countDeliveries, countItems, listItems } from "./outbox-lists.js";
import type { Base } from "./statements.js";
import { noteUnsentCode } from "./unsent-code.js";
import { endStopped, giveUpRest, stopAnswersIn } from "./unsent-parts.js";

/**
 * The item of each chat that comes first, and alone may be sent: the one that is under way, else one that is urgent, else
 * the oldest. Accepted items no longer hold up their chat.
 */
const heads = `SELECT coalesce(min(CASE state WHEN 'sending' THEN id END), min(CASE urgent WHEN 1 THEN id END), min(id)) AS id FROM outbox
  WHERE account = ? AND state IN ('pending', 'sending') AND accepted_at IS NULL GROUP BY chat_key`;

/**
 * When an item falls due. One that was last touched in the future waits for a clock that has been set back since: it is
 * due at once, for its chat must not wait until that hour comes again. Takes the time as its first parameter, twice.
 */
const dueAt = "CASE WHEN coalesce(o.taken_at, o.created_at) > ? THEN ? ELSE o.due_at END";

/**
 * What reached the bridge, or may have; of what is being sent, that which comes before an item. Notices to owners are few,
 * and must get out when all else is held back.
 */
const handed = handedUpTo("?");
const handedBefore = handedUpTo("?2");

function handedUpTo(before: string): string {
  return `taken_at IS NOT NULL AND state IN ('sending', 'delivered', 'stored', 'unknown')
  AND origin <> 'owner-notice' AND (state <> 'sending' OR accepted_at IS NOT NULL OR id < ${before})`;
}

/** What is to be sent, and what became of it. */
export class SqliteOutbox implements OutboxStore {
  constructor(private readonly base: Base) {}

  add(account: string, item: NewOutboxItem, at: number): Promise<number> {
    return this.base.writeToDisk(["outbox"], () => insertOutbox(this.base, account, item, at));
  }

  take(
    claim: Claim,
    max: number,
    at: number,
    tracks: (item: OutboxItem) => boolean = () => false,
  ): Promise<TakenItem[]> {
    const { sql, writeToDisk } = this.base;
    return writeToDisk([], () => {
      const account = sql("SELECT cursor, fence FROM account WHERE id = ?").get(claim.id);
      if (Number(account?.fence) !== claim.fence) return [];
      const due = sql(
        `SELECT o.id FROM (${heads}) h JOIN outbox o ON o.id = h.id
         WHERE o.state = 'pending' AND ${dueAt} <= ? ORDER BY o.id LIMIT ?`,
      ).all(claim.id, at, at, at, max);
      return due.map(({ id }) => {
        // The floor is set at the first try only: a row that an earlier try left must still be found above it.
        const row = sql(
          `UPDATE outbox SET state = 'sending', attempts = attempts + 1, taken_at = ?, fence = ?,
             floor_row = CASE WHEN attempts = 0 THEN ? ELSE floor_row END
           WHERE id = ? RETURNING *`,
        ).get(at, claim.fence, account!.cursor!, id!)!;
        const item = taken(row, claim.owner);
        if (row.attempt_id !== null || !tracks(item.item)) return item;
        // Apple's own are upper case; imsg compares exactly, and turns ours to lower case (protocol reference 16.1).
        const attemptId = randomUUID();
        sql("UPDATE outbox SET attempt_id = ? WHERE id = ?").run(attemptId, id!);
        return { ...item, item: { ...item.item, attemptId } };
      });
    });
  }

  async reconcilable(claim: Claim): Promise<TakenItem[]> {
    return this.base
      .sql(
        `SELECT * FROM outbox INDEXED BY outbox_open WHERE account = ? AND state IN ('pending', 'sending') AND accepted_at IS NULL
           AND state = 'sending' AND fence < ? ORDER BY id`,
      )
      .all(claim.id, claim.fence)
      .map((row) => taken(row, claim.owner));
  }

  async accepted(account: string): Promise<TakenItem[]> {
    return this.base
      .sql(
        "SELECT * FROM outbox WHERE account = ? AND state = 'sending' AND accepted_at IS NOT NULL ORDER BY id",
      )
      .all(account)
      .map((row) => taken(row, ""));
  }

  settle(claim: Claim, outcome: SendOutcome, at: number): Promise<Held | "stopped"> {
    const { sql, write } = this.base;
    return write(["outbox"], () => {
      const id = Number(claim.id);
      const row = sql("SELECT * FROM outbox WHERE id = ?").get(id);
      if (!row || Number(row.fence) !== claim.fence || Number(row.attempts) !== claim.attempt) return "lost";
      // What nobody knew is known when its row turns up after all.
      const isFound = row.state === "unknown" && outcome.state === "stored";
      const isStopped = isSurelyStopped(row, outcome);
      if (isStopped && row.state === "not_sent") return "stopped";
      if (row.state !== "sending" && !isFound)
        return row.state === (outcome.state === "retry" ? "pending" : outcome.state) ? "ok" : "lost";
      switch (outcome.state) {
        case "accepted":
          sql("UPDATE outbox SET accepted_at = ?, guid = coalesce(?, guid) WHERE id = ?").run(
            at,
            orNull(outcome.guid),
            id,
          );
          break;
        case "retry":
          if (isStopped) {
            endStopped(this.base, id, at);
            return "stopped";
          }
          sql(
            `UPDATE outbox SET state = 'pending', due_at = ?, error = ?, accepted_at = NULL, in_doubt = in_doubt OR ?,
               attempt_id = CASE WHEN ? THEN '' ELSE attempt_id END WHERE id = ?`,
          ).run(
            Math.ceil(outcome.dueAt),
            JSON.stringify(outcome.error),
            outcome.inDoubt ? 1 : 0,
            outcome.untracked ? 1 : 0,
            id,
          );
          break;
        case "not_sent":
        case "unknown":
          sql("UPDATE outbox SET state = ?, settled_at = ?, error = ? WHERE id = ?").run(
            outcome.state,
            at,
            JSON.stringify(outcome.error),
            id,
          );
          if (outcome.state === "not_sent" && row.origin === "pairing")
            noteUnsentCode(this.base, String(row.account), String(row.text));
          giveUpRest(this.base, row, at);
          break;
        default:
          sql(
            `UPDATE outbox SET state = ?, settled_at = ?, guid = coalesce(?, guid), row_id = coalesce(?, row_id), error = NULL
             WHERE id = ?`,
          ).run(outcome.state, at, orNull(outcome.guid), orNull(outcome.rowId), id);
      }
      return "ok";
    });
  }

  stopAnswers(account: string, chatKeys: readonly string[], at: number): Promise<number> {
    return this.base.write(["outbox"], () => stopAnswersIn(this.base, account, chatKeys, at));
  }

  noteDelivery(id: number, delivery: Delivery): Promise<{ firstDowngrade: boolean }> {
    const { sql, write } = this.base;
    return write([], () => {
      const item = sql("SELECT account, chat_key FROM outbox WHERE id = ?").get(id);
      if (item === undefined) return { firstDowngrade: false };
      const before = sql(
        "SELECT 1 FROM outbox WHERE account = ? AND chat_key = ? AND json_extract(delivery, '$.downgraded') = 1 LIMIT 1",
      ).get(item.account!, item.chat_key!);
      sql("UPDATE outbox SET delivery = ? WHERE id = ?").run(JSON.stringify(delivery), id);
      if (delivery.deliveredAt !== undefined)
        sql("UPDATE outbox SET state = 'delivered' WHERE id = ? AND state = 'stored'").run(id);
      if (delivery.failed)
        sql("UPDATE outbox SET error = ? WHERE id = ? AND state = 'stored'").run(notDelivered, id);
      return { firstDowngrade: delivery.downgraded && before === undefined };
    });
  }

  async nextDue(account: string, at: number): Promise<number | undefined> {
    const row = this.base
      .sql(
        `SELECT min(${dueAt}) AS due FROM (${heads}) h JOIN outbox o ON o.id = h.id WHERE o.state = 'pending'`,
      )
      .get(at, at, account);
    return orUndefined<number>(row?.due ?? null);
  }

  async get(id: number): Promise<OutboxItem | undefined> {
    const row = this.base.sql("SELECT * FROM outbox WHERE id = ?").get(id);
    return row && toItem(row);
  }

  async getAll(ids: readonly number[]): Promise<OutboxItem[]> {
    return this.base
      .sql("SELECT o.* FROM json_each(?) AS wanted JOIN outbox o ON o.id = wanted.value ORDER BY wanted.key")
      .all(JSON.stringify(ids))
      .map(toItem);
  }

  async ofTurn(turnId: string): Promise<OutboxItem[]> {
    return this.base.sql("SELECT * FROM outbox WHERE turn_id = ? ORDER BY ordinal").all(turnId).map(toItem);
  }

  async ofEntry(entryId: number): Promise<OutboxItem[]> {
    return this.base.sql("SELECT * FROM outbox WHERE entry_id = ? ORDER BY id").all(entryId).map(toItem);
  }

  async findSent(account: string, row: { guid: string; rowId: number }): Promise<OutboxItem | undefined> {
    const found = findSentItem(this.base, account, row);
    return found && toItem(found);
  }

  async sentBetween(
    account: string,
    { since, until, before, atMost, chatKey }: SendWindow & { atMost: number; chatKey?: string },
  ): Promise<Sent> {
    const { sql } = this.base;
    const newest = (where: string) => `SELECT count(*) AS count, min(taken_at) AS oldest FROM
      (SELECT taken_at FROM outbox WHERE account = ? ${where} AND taken_at > ? AND taken_at <= ? AND ${handed} ORDER BY taken_at DESC LIMIT ?)`;
    return toSent(
      chatKey === undefined
        ? sql(newest("")).get(account, since, until, before, atMost)
        : sql(newest("AND chat_key = ?")).get(account, chatKey, since, until, before, atMost),
    );
  }

  async heldIn(account: string, chatKeys: string[]): Promise<{ count: number; why: string } | undefined> {
    const row = this.base
      .sql(
        `SELECT count(*) AS count, max(CASE json_extract(error, '$.code') WHEN 'PACED' THEN json_extract(error, '$.message') END) AS why
         FROM outbox WHERE account = ? AND chat_key IN (SELECT value FROM json_each(?))
           AND state IN ('pending', 'sending') AND accepted_at IS NULL`,
      )
      .get(account, JSON.stringify(chatKeys));
    return typeof row?.why === "string" ? { count: Number(row.count), why: row.why } : undefined;
  }

  async firstWrittenBetween(account: string, { since, until, before }: SendWindow): Promise<Sent> {
    return toSent(
      this.base
        .sql(
          // What was sent within the time is looked through, and for each chat in it one earlier send: not the whole history.
          `SELECT count(*) AS count, min(first) AS oldest FROM
             (SELECT chat_key, min(taken_at) AS first, origin, initiative FROM outbox
              WHERE account = ?1 AND taken_at > ?3 AND taken_at <= ?4 AND ${handedBefore} GROUP BY chat_key) AS lately
           WHERE (origin IN ('person', 'approved-draft') OR initiative IS NOT NULL) AND NOT EXISTS (
             SELECT 1 FROM outbox WHERE account = ?1 AND chat_key = lately.chat_key AND taken_at <= ?3 AND ${handedBefore})`,
        )
        .get(account, before, since, until),
    );
  }

  async hasWritten(
    account: string,
    chatKeys: readonly string[],
    before = Number.MAX_SAFE_INTEGER,
  ): Promise<boolean> {
    return wasWritten(this.base, account, chatKeys, before);
  }

  async hasWrittenUntil(account: string, chatKeys: readonly string[], until: number): Promise<boolean> {
    const find = this.base.sql(
      `SELECT 1 FROM outbox WHERE account = ? AND chat_key = ? AND ${handed} AND taken_at <= ? LIMIT 1`,
    );
    return chatKeys.some((key) => find.get(account, key, 0, until) !== undefined);
  }

  async initiatives(
    account: string,
    chatKeys: readonly string[],
    { before, except, atMost }: { before: number; except: number; atMost: number },
  ): Promise<number[]> {
    return this.base
      .sql(
        `SELECT DISTINCT created_at FROM outbox WHERE account = ? AND chat_key IN (SELECT value FROM json_each(?))
           AND initiative IS NOT NULL AND draft IS NULL AND ${handed} AND created_at <> ? ORDER BY created_at DESC LIMIT ?`,
      )
      .all(account, JSON.stringify(chatKeys), before, except, atMost)
      .map(({ created_at }) => Number(created_at));
  }

  async list(filter: { account?: string; states?: OutboxState[]; limit: number }): Promise<OutboxItem[]> {
    return listItems(this.base, filter);
  }

  async counts(account: string): Promise<Record<OutboxState, number>> {
    return countItems(this.base, account);
  }

  async deliveries(
    account: string,
  ): Promise<{ delivered: number; read: number; downgraded: number; failed: number }> {
    return countDeliveries(this.base, account);
  }
}

/** The item that a row came from; see {@link OutboxStore.findSent}. */
export function findSentItem(
  { sql }: Base,
  account: string,
  row: { guid: string; rowId: number },
): Record<string, SqlValue> | undefined {
  const byRow = "SELECT * FROM outbox WHERE account = ? AND row_id = ?";
  // Numbers start again in another database; where both GUIDs are known, they decide.
  return row.guid
    ? (sql("SELECT * FROM outbox WHERE account = ? AND guid = ?").get(account, row.guid) ??
        sql("SELECT * FROM outbox WHERE account = ? AND attempt_id = ?").get(account, row.guid) ??
        sql(`${byRow} AND guid IS NULL`).get(account, row.rowId))
    : sql(byRow).get(account, row.rowId);
}

/** Whether something was handed over for one of these chats; of what is being sent, only items before an id count. */
export function wasWritten(
  base: Base,
  account: string,
  chatKeys: readonly string[],
  before: number,
): boolean {
  const find = base.sql(
    `SELECT 1 FROM outbox WHERE account = ? AND chat_key = ? AND ${handed} AND id < ? LIMIT 1`,
  );
  return chatKeys.some((chatKey) => find.get(account, chatKey, before, before) !== undefined);
}
