import {
  type Chat,
  type Decision,
  hasSeveralPeople,
  type MessageRow,
  type TapbackEvent,
  untypedCommands,
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
import { columnsOf, nobodys, toCount, toEntry, toMissed } from "../rows/entry.js";
import { keepStopSql } from "../rows/request.js";
import { held, holds, moveCursor } from "./accounts.js";
import { useEnrolment } from "./enrolment.js";
import { entryNamed, insertRow, insertSql, lastByHand, reopenSql } from "./entries.js";
import { directSenderOf, wasHeardFrom } from "./heard-from.js";
import { insertOutbox } from "./insert-outbox.js";
import { insertChange } from "./journal-changes.js";
import { caughtUpBetween, lastPlaced, listEntries, newestOfChats } from "./journal-lists.js";
import { recentOwnAddresses, rememberOwnAddresses } from "./own-addresses.js";
import { insertRequest, pendingRequests } from "./pairing.js";
import { forgetContent } from "./retention.js";
import type { Base } from "./statements.js";
import { offerAgain } from "./unsent-code.js";

/** Reasons of rows that become notes. */
const events = "'tapback', 'poll_vote', 'edited', 'taken_back'";
const direct = "is_group = 0 AND json_extract(decision_json, '$.treatedAs') = 'direct'";
const optOutWord = `json_extract(decision_json, '$.name') IN ('${untypedCommands.optOut}', '${untypedCommands.optIn}') AND json_extract(decision_json, '$.silent') IS NULL`;

/** Every row that Messages reported, and what became of it. */
export class SqliteJournal implements Journal {
  constructor(private readonly base: Base) {}

  admit(
    claim: Claim,
    rows: MessageRow[],
    arrival: Arrival,
    receivedAt: number,
  ): Promise<(number | undefined)[]> {
    const { sql, write } = this.base;
    return write(["rows"], () => {
      this.#mustHold(claim);
      const insert = sql(
        `${insertSql} 'new') ON CONFLICT (account, guid) DO UPDATE SET state = 'new', arrival = excluded.arrival,
           received_at = excluded.received_at, body = excluded.body, decision = NULL, reason = NULL, decision_json = NULL,
           decided_at = NULL WHERE reason = 'waiting_catchup' RETURNING id`,
      );
      const ids = rows.map((row) => {
        const entry = insert.get(...columnsOf(claim.id, row, arrival, receivedAt));
        return entry && Number(entry.id);
      });
      moveCursor(this.base, claim.id, rows);
      rememberOwnAddresses(this.base, claim.id, rows);
      return ids;
    });
  }

  defer(claim: Claim, rows: MessageRow[], decision: Decision & { kind: "drop" }, at: number): Promise<Held> {
    const { base } = this;
    return base.write(["rows"], () => {
      if (!holds(base, claim)) return "lost";
      for (const row of rows) {
        const id = insertRow(base, columnsOf(claim.id, row, "catchup", at));
        if (id !== undefined) this.#decide(id, decision, at);
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
    const { base } = this;
    return base.write(["rows"], () =>
      holds(base, claim) ? insertChange(base, claim.id, row, { arrival, receivedAt }) : undefined,
    );
  }

  locate(claim: Claim, id: number, chat: Chat): Promise<Held> {
    const { sql, write } = this.base;
    return write(["rows"], () =>
      holds(this.base, claim)
        ? held(
            sql(
              "UPDATE journal SET chat_id = ?, is_group = ?, body = json_set(body, '$.chat', json(?)) WHERE id = ?",
            ).run(chat.id, hasSeveralPeople(chat) ? 1 : 0, JSON.stringify(chat), id),
          )
        : "lost",
    );
  }

  recognise(claim: Claim, id: number, tapback: TapbackEvent): Promise<Held> {
    const { sql, write } = this.base;
    return write(["rows"], () =>
      holds(this.base, claim)
        ? held(
            sql("UPDATE journal SET body = json_set(body, '$.tapback', json(?)) WHERE id = ?").run(
              JSON.stringify(tapback),
              id,
            ),
          )
        : "lost",
    );
  }

  decide(claim: Claim, id: number, decision: Decision, at: number): Promise<Held> {
    return this.base.write(["rows"], () =>
      holds(this.base, claim) ? this.#decide(id, decision, at) : "lost",
    );
  }

  offerPairing(
    claim: Claim,
    { id, decision, request, reply, most }: PairingOffer,
    at: number,
  ): Promise<Held | "pending" | "full"> {
    const { write } = this.base;
    return write(["outbox"], () => {
      if (!holds(this.base, claim) || !this.#isOpen(id)) return "lost";
      const pending = pendingRequests(this.base, at, claim.id);
      const own = pending.find(({ handle }) => handle === request.handle);
      if (own && !own.isUnsent) return "pending";
      if (!own && pending.length >= most) return "full";
      this.#decide(id, decision, at);
      if (own) offerAgain(this.base, claim.id, request, at);
      else insertRequest(this.base, claim.id, request);
      insertOutbox(this.base, claim.id, reply, at, { entryId: id });
      return "ok";
    });
  }

  complete(claim: Claim, id: number, done: CommandDone, at: number): Promise<Held> {
    const { sql, writeToDisk } = this.base;
    return writeToDisk(["outbox"], () => {
      if (!holds(this.base, claim)) return "lost";
      const ended = held(sql("UPDATE journal SET state = 'done' WHERE id = ? AND state = 'decided'").run(id));
      if (ended === "lost") return "lost";
      const letIn = done.enrolled === undefined || useEnrolment(this.base, done.enrolled, at);
      for (const reply of letIn ? done.replies : [])
        insertOutbox(this.base, claim.id, reply, at, { entryId: id });
      if (done.optOut?.value) sql(keepStopSql).run(done.optOut.handle, at, id);
      else if (done.optOut)
        sql("DELETE FROM opt_out WHERE account = ? AND handle = ?").run(claim.id, done.optOut.handle);
      return "ok";
    });
  }

  async unfinished(account: string): Promise<JournalEntry[]> {
    return this.base
      .sql("SELECT * FROM journal WHERE account = ? AND state IN ('new', 'decided') ORDER BY id")
      .all(account)
      .map(toEntry);
  }

  reopen(ids: number[], arrival: Exclude<Arrival, "live">): Promise<number> {
    return this.base.writeToDisk(["journal"], () => {
      let count = 0;
      for (const id of ids) count += Number(this.base.sql(reopenSql).run(arrival, id).changes);
      return count;
    });
  }

  async get(id: number): Promise<JournalEntry | undefined> {
    const row = this.base.sql("SELECT * FROM journal WHERE id = ?").get(id);
    return row && toEntry(row);
  }

  async states(ids: readonly number[]): Promise<Map<number, JournalState>> {
    const rows = this.base
      .sql("SELECT id, state FROM journal WHERE id IN (SELECT value FROM json_each(?))")
      .all(JSON.stringify(ids));
    return new Map(rows.map(({ id, state }) => [Number(id), state as JournalState]));
  }

  async findByGuid(guid: string, account?: string): Promise<JournalEntry | undefined> {
    return entryNamed(this.base, guid, account);
  }

  async findByGuids(guids: readonly string[], account: string): Promise<Map<string, JournalEntry>> {
    const rows = this.base
      .sql("SELECT * FROM journal WHERE account = ? AND guid IN (SELECT value FROM json_each(?))")
      .all(account, JSON.stringify(guids));
    return new Map(rows.map((row) => [String(row.guid), toEntry(row)]));
  }

  async list(filter: JournalFilter): Promise<JournalEntry[]> {
    return listEntries(this.base, filter);
  }

  async placedUpTo(account: string | undefined, after: number): Promise<number> {
    return lastPlaced(this.base, account, after);
  }

  async chats(account?: string): Promise<JournalEntry[]> {
    return newestOfChats(this.base, account);
  }

  async caughtUp(account: string, since: number, until: number): Promise<JournalEntry[]> {
    return caughtUpBetween(this.base, account, since, until);
  }

  async context(account: string, chatId: number, limit: number): Promise<JournalEntry[]> {
    return this.base
      .sql(
        `SELECT * FROM journal WHERE account = ?1 AND chat_id = ?2 AND decision = 'context' AND turn_id IS NULL
           AND reason NOT IN (${events}) AND id > coalesce((SELECT id FROM journal
             WHERE account = ?1 AND chat_id = ?2 AND turn_id IS NOT NULL ORDER BY sent_at DESC LIMIT 1), 0)
           ORDER BY id DESC LIMIT ?3`,
      )
      .all(account, chatId, limit)
      .map(toEntry)
      .reverse();
  }

  async notes(account: string, chatId: number, limit: number): Promise<JournalEntry[]> {
    return this.base
      .sql(
        `SELECT * FROM journal WHERE account = ? AND chat_id = ? AND decision = 'context' AND turn_id IS NULL
           AND reason IN (${events}) ORDER BY id DESC LIMIT ?`,
      )
      .all(account, chatId, limit)
      .map(toEntry)
      .reverse();
  }

  async missedIn(account: string, chatId: number, limit: number): Promise<JournalEntry[]> {
    return this.base
      .sql(
        `SELECT * FROM journal WHERE account = ? AND chat_id = ? AND reason IN ('backlog', 'missed_offline')
           AND told = 0 AND turn_id IS NULL AND json_extract(body, '$.tapback') IS NULL ORDER BY id DESC LIMIT ?`,
      )
      .all(account, chatId, limit)
      .map(toEntry)
      .reverse();
  }

  async missed(account: string): Promise<MissedBySender[]> {
    return this.base
      .sql(
        `SELECT sender, max(json_extract(body, '$.senderName')) AS name, count(*) AS count, max(id) AS last_id
         FROM journal INDEXED BY journal_untold WHERE account = ? AND reason IN ('backlog', 'missed_offline') AND told = 0 AND turn_id IS NULL
           AND json_extract(body, '$.tapback') IS NULL GROUP BY sender ORDER BY count DESC, last_id`,
      )
      .all(account)
      .map(toMissed);
  }

  tell(claim: Claim, upTo: number, notices: NewOutboxItem[], at: number): Promise<Held> {
    const { sql, write } = this.base;
    return write(["outbox"], () => {
      if (!holds(this.base, claim)) return "lost";
      const { changes } = sql(
        `UPDATE journal INDEXED BY journal_untold SET told = 1 WHERE account = ? AND reason IN ('backlog', 'missed_offline') AND told = 0
           AND turn_id IS NULL AND id <= ?`,
      ).run(claim.id, upTo);
      if (Number(changes) === 0) return "ok";
      for (const notice of notices) insertOutbox(this.base, claim.id, notice, at);
      return "ok";
    });
  }

  async sentBetween(account: string, chatId: number, from: number, to: number): Promise<JournalEntry[]> {
    return this.base
      .sql("SELECT * FROM journal WHERE account = ? AND chat_id = ? AND sent_at BETWEEN ? AND ? ORDER BY id")
      .all(account, chatId, from, to)
      .map(toEntry);
  }

  async lastWritten(
    account: string,
    { chatId = 0, handle }: ChatOrHandle,
    except: readonly string[] = [],
  ): Promise<JournalEntry | undefined> {
    const { sql } = this.base;
    const inChat =
      chatId > 0
        ? sql(
            `SELECT * FROM journal WHERE account = ? AND chat_id = ? AND own = 0 AND decision IS NOT NULL
               AND coalesce(reason, '') NOT IN (${nobodys}) AND sender NOT IN (SELECT value FROM json_each(?))
             ORDER BY sent_at DESC LIMIT 1`,
          ).get(account, chatId, JSON.stringify(except))
        : undefined;
    if (inChat || handle === undefined || except.includes(handle)) return inChat && toEntry(inChat);
    const row = sql(
      `SELECT * FROM journal WHERE account = ? AND decision IN ('dispatch', 'command') AND ${direct} AND sender = ?
       ORDER BY id DESC LIMIT 1`,
    ).get(account, handle);
    return row && toEntry(row);
  }

  async heardFrom(account: string, where: ChatOrHandle, since: number): Promise<boolean> {
    return wasHeardFrom(this.base, account, where, since);
  }

  async saidOptOutWord(account: string, where: ChatOrHandle): Promise<boolean> {
    return this.#find(account, where, optOutWord);
  }

  async directSender(account: string, chatId: number): Promise<string | undefined> {
    return directSenderOf(this.base, account, chatId);
  }

  async lastByHand(account: string, chatId: number): Promise<ByHand | undefined> {
    return lastByHand(this.base, account, chatId);
  }

  async ownAddresses(account: string): Promise<string[]> {
    return recentOwnAddresses(this.base, account);
  }

  async ofTurn(turnId: string): Promise<JournalEntry[]> {
    return this.base
      .sql("SELECT * FROM journal WHERE turn_id = ? AND decision = 'dispatch' ORDER BY id")
      .all(turnId)
      .map(toEntry);
  }

  async counts(
    account: string,
  ): Promise<{ state: JournalState; decision: string; reason: string; count: number }[]> {
    return this.base
      .sql(
        `SELECT state, coalesce(decision, '') AS decision, coalesce(reason, '') AS reason, count(*) AS count
         FROM journal WHERE account = ? GROUP BY 1, 2, 3`,
      )
      .all(account)
      .map(toCount);
  }

  async countOpen(account: string): Promise<number> {
    const { sql } = this.base;
    const open = "journal INDEXED BY journal_open WHERE account = ? AND state IN ('new', 'decided')";
    return Number(sql(`SELECT count(*) AS count FROM ${open}`).get(account)!.count);
  }

  forget(before: number, rest = noRest): Promise<number> {
    return forgetContent(this.base, before, rest);
  }

  #isOpen(id: number): boolean {
    const open = this.base.sql("SELECT 1 FROM journal WHERE id = ? AND state IN ('new', 'decided')");
    return open.get(id) !== undefined;
  }

  #decide(id: number, decision: Decision, at: number): Held {
    const ends = decision.kind !== "dispatch" && decision.kind !== "command";
    const changes = this.base
      .sql(
        `UPDATE journal SET state = ?, decision = ?, reason = ?, decision_json = ?, decided_at = ?
         WHERE id = ? AND state IN ('new', 'decided')`,
      )
      .run(
        ends ? "done" : "decided",
        decision.kind,
        "reason" in decision ? decision.reason : null,
        JSON.stringify(decision),
        at,
        id,
      ).changes;
    return Number(changes) > 0 ? "ok" : "lost";
  }

  /** Whether a row of this chat, or of this handle in a chat that was judged as a direct one, fulfils a condition. */
  #find(account: string, { chatId = 0, handle }: ChatOrHandle, condition: string): boolean {
    const { sql } = this.base;
    const rows = `SELECT 1 FROM journal WHERE account = ? AND decision IN ('dispatch', 'command') AND ${condition}`;
    const inChat =
      chatId > 0 &&
      sql(`${rows} AND chat_id = ? ORDER BY id DESC LIMIT 1`).get(account, chatId) !== undefined;
    if (inChat || handle === undefined) return inChat;
    return (
      sql(`${rows} AND sender = ? AND ${direct} ORDER BY id DESC LIMIT 1`).get(account, handle) !== undefined
    );
  }

  #mustHold(claim: Claim): void {
    if (holds(this.base, claim)) return;
    throw new TapbackError("ACCOUNT_LOST", `another gateway has taken over the account ${claim.id}`);
  }
}
