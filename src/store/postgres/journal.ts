import {
  type Chat,
  type Decision,
  hasSeveralPeople,
  type MessageRow,
  type TapbackEvent,
} from "../../conversation/index.js";
import { TapbackError } from "../../platform/index.js";
import type { ByHand } from "../by-hand.js";
import type { Claim, Held } from "../claim.js";
import type {
  Arrival,
  ChatOrHandle,
  CommandDone,
  Journal,
  JournalEntry,
  JournalFilter,
  JournalState,
  MissedBySender,
  PairingOffer,
} from "../journal.js";
import type { NewOutboxItem } from "../outbox.js";
import { noRest } from "../rest.js";
import { toCount, toEntry, toMissed } from "../rows/entry.js";
import { keepStopSql } from "../rows/request.js";
import { held, holds, moveCursor } from "./accounts.js";
import { useEnrolment } from "./enrolment.js";
import {
  entryNamed,
  insertChange,
  insertRow,
  insertSql,
  lastByHand,
  reopenSql,
  valuesOf,
} from "./entries.js";
import { insertAll, insertOutbox } from "./insert-outbox.js";
import {
  caughtUpBetween,
  directSenderOf,
  lastPlaced,
  lastWrittenIn,
  listEntries,
  newestOfChats,
  recentOwnAddresses,
  wasHeardFrom,
  wasOptOutSaid,
} from "./journal-lists.js";
import { insertRequest, offerAgain, pendingRequests } from "./pairing.js";
import { forgetContent } from "./retention.js";
import type { Base, Tx } from "./statements.js";
import { json } from "./words.js";

/** Reasons of rows that become notes. */
const events = "'tapback', 'poll_vote', 'edited', 'taken_back'";
const untold = "reason IN ('backlog', 'missed_offline') AND told = 0 AND turn_id IS NULL";

/** Every row that Messages reported, and what became of it. */
export class PostgresJournal implements Journal {
  constructor(private readonly base: Base) {}

  admit(
    claim: Claim,
    rows: MessageRow[],
    arrival: Arrival,
    receivedAt: number,
  ): Promise<(number | undefined)[]> {
    return this.base.write(["rows"], async (tx) => {
      const { sql } = tx;
      if (!(await holds(tx, claim)))
        throw new TapbackError("ACCOUNT_LOST", `another gateway has taken over the account ${claim.id}`);
      const insert = sql(
        `${insertSql} DO UPDATE SET state = 'new', arrival = excluded.arrival,
           received_at = excluded.received_at, body = excluded.body, decision = NULL, reason = NULL, decision_json = NULL,
           decided_at = NULL WHERE journal.reason = 'waiting_catchup' RETURNING id`,
      );
      const entries = await Promise.all(
        rows.map((row) => insert.get(...valuesOf(claim.id, row, arrival, receivedAt))),
      );
      await moveCursor(tx, claim.id, rows);
      const own = new Set(rows.flatMap(({ destination }) => (destination ? [destination] : [])));
      for (const address of own)
        await sql("INSERT INTO own_address (account, address) VALUES (?, ?) ON CONFLICT DO NOTHING").run(
          claim.id,
          address,
        );
      return entries.map((entry) => entry && Number(entry.id));
    });
  }

  defer(claim: Claim, rows: MessageRow[], decision: Decision & { kind: "drop" }, at: number): Promise<Held> {
    return this.base.write(["rows"], async (tx) => {
      if (!(await holds(tx, claim))) return "lost";
      for (const row of rows) {
        const id = await insertRow(tx, valuesOf(claim.id, row, "catchup", at));
        if (id !== undefined) await decide(tx, id, decision, at);
      }
      return "ok";
    });
  }

  admitChange(
    claim: Claim,
    row: MessageRow,
    arrival: Arrival,
    receivedAt: number,
  ): Promise<JournalEntry | undefined> {
    return this.base.write(["rows"], async (tx) =>
      (await holds(tx, claim)) ? insertChange(tx, claim.id, row, { arrival, receivedAt }) : undefined,
    );
  }

  locate(claim: Claim, id: number, chat: Chat): Promise<Held> {
    return this.base.write(["rows"], async (tx) =>
      (await holds(tx, claim))
        ? held(
            await tx
              .sql(
                "UPDATE journal SET chat_id = ?, is_group = ?, body = jsonb_set(body::jsonb, '{chat}', ?)::json WHERE id = ?",
              )
              .run(chat.id, hasSeveralPeople(chat) ? 1 : 0, json(chat), id),
          )
        : "lost",
    );
  }

  recognise(claim: Claim, id: number, tapback: TapbackEvent): Promise<Held> {
    return this.base.write(["rows"], async (tx) =>
      (await holds(tx, claim))
        ? held(
            await tx
              .sql("UPDATE journal SET body = jsonb_set(body::jsonb, '{tapback}', ?)::json WHERE id = ?")
              .run(json(tapback), id),
          )
        : "lost",
    );
  }

  decide(claim: Claim, id: number, decision: Decision, at: number): Promise<Held> {
    return this.base.write(["rows"], async (tx) =>
      (await holds(tx, claim)) ? decide(tx, id, decision, at) : "lost",
    );
  }

  offerPairing(
    claim: Claim,
    { id, decision, request, reply, most }: PairingOffer,
    at: number,
  ): Promise<Held | "pending" | "full"> {
    return this.base.write(["outbox"], async (tx) => {
      if (!(await holds(tx, claim)) || !(await isOpen(tx, id))) return "lost";
      const pending = await pendingRequests(tx, at, claim.id);
      const own = pending.find(({ handle }) => handle === request.handle);
      if (own && !own.isUnsent) return "pending";
      if (!own && pending.length >= most) return "full";
      await decide(tx, id, decision, at);
      if (own) await offerAgain(tx, claim.id, request, at);
      else await insertRequest(tx, claim.id, request);
      await insertOutbox(tx, claim.id, reply, at, { entryId: id });
      return "ok";
    });
  }

  complete(claim: Claim, id: number, done: CommandDone, at: number): Promise<Held> {
    return this.base.write(["outbox"], async (tx) => {
      const { sql } = tx;
      if (!(await holds(tx, claim))) return "lost";
      const ended = await sql("UPDATE journal SET state = 'done' WHERE id = ? AND state = 'decided'").run(id);
      if (ended === 0) return "lost";
      const letIn = done.enrolled === undefined || (await useEnrolment(tx, done.enrolled, at));
      if (letIn) await insertAll(tx, claim.id, done.replies, at, { entryId: id });
      if (done.optOut?.value) await sql(keepStopSql).run(done.optOut.handle, at, id);
      else if (done.optOut)
        await sql("DELETE FROM opt_out WHERE account = ? AND handle = ?").run(claim.id, done.optOut.handle);
      return "ok";
    });
  }

  unfinished(account: string): Promise<JournalEntry[]> {
    return this.#entries(
      "SELECT * FROM journal WHERE account = ? AND state IN ('new', 'decided') ORDER BY id",
      account,
    );
  }

  reopen(ids: number[], arrival: Exclude<Arrival, "live">): Promise<number> {
    return this.base.write(["journal"], ({ sql }) => sql(reopenSql).run(arrival, ids));
  }

  async get(id: number): Promise<JournalEntry | undefined> {
    const row = await this.base.sql("SELECT * FROM journal WHERE id = ?").get(id);
    return row && toEntry(row);
  }

  async states(ids: readonly number[]): Promise<Map<number, JournalState>> {
    const rows = await this.base.sql("SELECT id, state FROM journal WHERE id = ANY(?)").all(ids);
    return new Map(rows.map(({ id, state }) => [Number(id), state as JournalState]));
  }

  findByGuid(guid: string, account?: string): Promise<JournalEntry | undefined> {
    return entryNamed(this.base, guid, account);
  }

  async findByGuids(guids: readonly string[], account: string): Promise<Map<string, JournalEntry>> {
    const rows = await this.base
      .sql("SELECT * FROM journal WHERE account = ? AND guid = ANY(?)")
      .all(account, guids);
    return new Map(rows.map((row) => [String(row.guid), toEntry(row)]));
  }

  list(filter: JournalFilter): Promise<JournalEntry[]> {
    return this.base.read((tx) => listEntries(tx, filter));
  }

  placedUpTo(account: string | undefined, after: number): Promise<number> {
    return lastPlaced(this.base, account, after);
  }

  chats(account?: string): Promise<JournalEntry[]> {
    return newestOfChats(this.base, account);
  }

  caughtUp(account: string, since: number, until: number): Promise<JournalEntry[]> {
    return caughtUpBetween(this.base, account, since, until);
  }

  async context(account: string, chatId: number, limit: number): Promise<JournalEntry[]> {
    const found = await this.#entries(
      `SELECT * FROM journal WHERE account = ?1 AND chat_id = ?2 AND decision = 'context' AND turn_id IS NULL
         AND reason NOT IN (${events}) AND id > coalesce((SELECT id FROM journal
           WHERE account = ?1 AND chat_id = ?2 AND turn_id IS NOT NULL ORDER BY sent_at DESC LIMIT 1), 0)
       ORDER BY id DESC LIMIT ?3`,
      ...[account, chatId, limit],
    );
    return found.reverse();
  }

  async notes(account: string, chatId: number, limit: number): Promise<JournalEntry[]> {
    const found = await this.#entries(
      `SELECT * FROM journal WHERE account = ? AND chat_id = ? AND decision = 'context' AND turn_id IS NULL
         AND reason IN (${events}) ORDER BY id DESC LIMIT ?`,
      ...[account, chatId, limit],
    );
    return found.reverse();
  }

  async missedIn(account: string, chatId: number, limit: number): Promise<JournalEntry[]> {
    const found = await this.#entries(
      `SELECT * FROM journal WHERE account = ? AND chat_id = ? AND ${untold} AND body -> 'tapback' IS NULL
       ORDER BY id DESC LIMIT ?`,
      ...[account, chatId, limit],
    );
    return found.reverse();
  }

  async missed(account: string): Promise<MissedBySender[]> {
    const rows = await this.base
      .sql(
        `SELECT sender, max(body ->> 'senderName') AS name, count(*) AS count, max(id) AS last_id
         FROM journal WHERE account = ? AND ${untold} AND body -> 'tapback' IS NULL
         GROUP BY sender ORDER BY count DESC, last_id`,
      )
      .all(account);
    return rows.map(toMissed);
  }

  tell(claim: Claim, upTo: number, notices: NewOutboxItem[], at: number): Promise<Held> {
    return this.base.write(["outbox"], async (tx) => {
      if (!(await holds(tx, claim))) return "lost";
      const told = await tx
        .sql(`UPDATE journal SET told = 1 WHERE account = ? AND ${untold} AND id <= ?`)
        .run(claim.id, upTo);
      if (told > 0) await insertAll(tx, claim.id, notices, at);
      return "ok";
    });
  }

  sentBetween(account: string, chatId: number, from: number, to: number): Promise<JournalEntry[]> {
    return this.#entries(
      "SELECT * FROM journal WHERE account = ? AND chat_id = ? AND sent_at BETWEEN ? AND ? ORDER BY id",
      ...[account, chatId, from, to],
    );
  }

  lastWritten(
    account: string,
    where: ChatOrHandle,
    except: readonly string[] = [],
  ): Promise<JournalEntry | undefined> {
    return lastWrittenIn(this.base, account, where, except);
  }

  heardFrom(account: string, where: ChatOrHandle, since: number): Promise<boolean> {
    return wasHeardFrom(this.base, account, where, since);
  }

  saidOptOutWord(account: string, where: ChatOrHandle): Promise<boolean> {
    return wasOptOutSaid(this.base, account, where);
  }

  directSender(account: string, chatId: number): Promise<string | undefined> {
    return directSenderOf(this.base, account, chatId);
  }

  lastByHand(account: string, chatId: number): Promise<ByHand | undefined> {
    return lastByHand(this.base, account, chatId);
  }

  ownAddresses(account: string): Promise<string[]> {
    return recentOwnAddresses(this.base, account);
  }

  ofTurn(turnId: string): Promise<JournalEntry[]> {
    return this.#entries(
      "SELECT * FROM journal WHERE turn_id = ? AND decision = 'dispatch' ORDER BY id",
      turnId,
    );
  }

  async counts(
    account: string,
  ): Promise<{ state: JournalState; decision: string; reason: string; count: number }[]> {
    const rows = await this.base
      .sql(
        `SELECT state, coalesce(decision, '') AS decision, coalesce(reason, '') AS reason, count(*) AS count
         FROM journal WHERE account = ? GROUP BY 1, 2, 3`,
      )
      .all(account);
    return rows.map(toCount);
  }

  async countOpen(account: string): Promise<number> {
    const open = "SELECT count(*) AS count FROM journal WHERE account = ? AND state IN ('new', 'decided')";
    return Number((await this.base.sql(open).get(account))!.count);
  }

  forget(before: number, rest = noRest): Promise<number> {
    return forgetContent(this.base, before, rest);
  }

  async #entries(text: string, ...values: (string | number)[]): Promise<JournalEntry[]> {
    return (await this.base.sql(text).all(...values)).map(toEntry);
  }
}

async function isOpen({ sql }: Tx, id: number): Promise<boolean> {
  return (
    (await sql("SELECT 1 FROM journal WHERE id = ? AND state IN ('new', 'decided')").get(id)) !== undefined
  );
}

async function decide({ sql }: Tx, id: number, decision: Decision, at: number): Promise<Held> {
  const ends = decision.kind !== "dispatch" && decision.kind !== "command";
  return held(
    await sql(
      `UPDATE journal SET state = ?, decision = ?, reason = ?, decision_json = ?, decided_at = ?
       WHERE id = ? AND state IN ('new', 'decided')`,
    ).run(
      ends ? "done" : "decided",
      decision.kind,
      "reason" in decision ? decision.reason : null,
      json(decision),
      at,
      id,
    ),
  );
}
