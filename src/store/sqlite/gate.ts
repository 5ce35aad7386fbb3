import type { MessageRow } from "../../conversation/index.js";
import type { GateStore, KnownOfPerson, KnownOfRow, RecentSend, RowQuestion } from "../gate.js";
import { toEntry } from "../rows/entry.js";
import { answeredMs, mayLandIn, mostNameless, mostRecent, toRecent, toSent } from "../rows/known.js";
import { findBinding } from "./bindings.js";
import { guessesOf, openEnrolment } from "./enrolment.js";
import { entryNamed, lastByHand } from "./entries.js";
import { findSentItem, wasWritten } from "./outbox.js";
import { approvedOwners, isApproved, pendingRequests, standingStop } from "./pairing.js";
import { findAsked, mayBeAsked } from "./questions.js";
import type { Base } from "./statements.js";

/** What the gates ask about a row, in one call. */
export class SqliteGate implements GateStore {
  constructor(private readonly base: Base) {}

  async about(question: RowQuestion): Promise<KnownOfRow> {
    const { account, row, chatKeys } = question;
    const binding = findBinding(this.base, account, chatKeys);
    const sent = findSentItem(this.base, account, row);
    const known: KnownOfRow = { binding, sent: sent && toSent(sent), recent: [] };
    if (sent) return known;
    known.recent = this.#recent(question);
    if (!row.fromMe) known.person = this.#person(question);
    return known;
  }

  #person(question: RowQuestion): KnownOfPerson {
    const { base } = this;
    const { account, handle, chatKeys, at, phrase, answers, refersTo, thread, row } = question;
    const enrolment = phrase === undefined ? undefined : openEnrolment(base, account, at);
    const mayAnswer = answers !== undefined && mayBeAsked(base, account, answers);
    const findAnswered = (isOwner: boolean) =>
      mayAnswer && findAsked(base, account, { ...answers, by: { handle, isOwner } }).length > 0;
    return {
      approved: isApproved(base, account, handle),
      owners: approvedOwners(base, account),
      stop: standingStop(base, account, handle),
      contacted: wasWritten(base, account, chatKeys, Number.MAX_SAFE_INTEGER),
      wrongPhrases:
        enrolment && enrolment.phrase === phrase ? guessesOf(base, enrolment.id, handle).own : undefined,
      answersOwner: this.#wasWrittenForOwner(account, chatKeys, at),
      answersQuestion: findAnswered(true),
      isAsked: findAnswered(false),
      refersToOurs:
        (refersTo !== undefined && this.#isOurs(account, refersTo)) ||
        (thread !== undefined && this.#answeredIn(account, thread)),
      pending: question.pairs ? pendingRequests(base, at, account) : [],
      byHand: question.hushes ? lastByHand(base, account, row.chat.id) : undefined,
      near: row.chat.id > 0 ? this.#near(question) : [],
    };
  }

  #wasWrittenForOwner(account: string, chatKeys: readonly string[], at: number): boolean {
    const find = this.base.sql(
      `SELECT 1 FROM outbox WHERE account = ? AND chat_key = ? AND origin = 'approved-draft' AND taken_at >= ?
         AND state IN ('sending', 'delivered', 'stored', 'unknown') LIMIT 1`,
    );
    return chatKeys.some((key) => find.get(account, key, at - answeredMs) !== undefined);
  }

  #isOurs(account: string, guid: string): boolean {
    if (findSentItem(this.base, account, { guid, rowId: -1 })) return true;
    const entry = entryNamed(this.base, guid, account);
    if (entry) return entry.row.fromMe;
    // What is put on the preview of a link is put on the message that imsg folded it into.
    const folded = this.base.sql(
      "SELECT 1 FROM journal WHERE account = ? AND own = 1 AND json_extract(body, '$.preview.guid') = ? LIMIT 1",
    );
    return folded.get(account, guid) !== undefined;
  }

  #answeredIn(account: string, thread: string): boolean {
    const answer = this.base.sql(
      "SELECT 1 FROM journal WHERE account = ? AND own = 1 AND json_extract(body, '$.threadGuid') = ? LIMIT 1",
    );
    return answer.get(account, thread) !== undefined;
  }

  #near({ account, entryId, row, near }: RowQuestion): KnownOfPerson["near"] {
    return this.base
      .sql(
        `SELECT * FROM journal WHERE account = ? AND chat_id = ? AND sent_at BETWEEN ? AND ? AND +id < ? AND own = 0
           AND sender = ? ORDER BY id`,
      )
      .all(account, row.chat.id, row.sentAt - near.before, row.sentAt + near.after, entryId, row.sender)
      .map(toEntry);
  }

  #recent({ account, chatKeys, sentSince, row }: RowQuestion): RecentSend[] {
    const newest = this.base.sql(recentWhere("TRUE"));
    // A burst must not hide an earlier send whose row comes late; nor a poll, whose caption has a GUID that nobody told.
    const nameless = this.base.sql(
      recentWhere(
        "(guid IS NULL AND coalesce(attempt_id, '') = '' OR form ->> '$.poll.question' IS NOT NULL)",
      ),
    );
    const ofKey = (key: string) => {
      const found = newest.all(account, key, sentSince, mostRecent);
      if (found.length < mostRecent) return found;
      const ids = new Set(found.map(({ id }) => id));
      const older = nameless.all(account, key, sentSince, mostNameless).filter(({ id }) => !ids.has(id!));
      return [...found, ...older];
    };
    const under = (keys: readonly string[], elsewhere: boolean) =>
      keys.flatMap((key) => ofKey(key).map((send) => ({ ...toRecent(send), elsewhere })));
    return [...under(chatKeys, false), ...under(this.#otherKeys(account, chatKeys, sentSince, row), true)];
  }

  /** Keys under which something was sent lately that may have landed in the row's chat all the same. */
  #otherKeys(account: string, chatKeys: readonly string[], since: number, { chat }: MessageRow): string[] {
    // One statement: an account that writes to a hundred people would ask a hundred times for each row.
    const sent = this.base.sql(
      `SELECT chat_key, target, (SELECT json_extract(body, '$.chat') FROM journal
         WHERE account = ?1 AND chat_id = json_extract(target, '$.chatId') ORDER BY sent_at DESC LIMIT 1) AS chat
       FROM (SELECT DISTINCT chat_key, target FROM outbox WHERE account = ?1 AND taken_at >= ?2)
       WHERE chat_key NOT IN (SELECT value FROM json_each(?3))`,
    );
    return sent
      .all(account, since, JSON.stringify(chatKeys))
      .filter((send) => mayLandIn(chat, send))
      .map(({ chat_key }) => String(chat_key));
  }
}

/** @param condition which sends of a chat, of those since a time */
function recentWhere(condition: string): string {
  return `SELECT id, state, text, file, form ->> '$.poll.question' AS poll, guid, attempt_id, taken_at, floor_row, fence, attempts,
      (SELECT sent_at FROM journal WHERE account = o.account AND guid = coalesce(o.guid, o.attempt_id)) AS row_sent_at
    FROM outbox o WHERE account = ? AND chat_key = ? AND taken_at >= ? AND form ->> '$.act' IS NULL AND ${condition}
    ORDER BY taken_at DESC, id DESC LIMIT ?`;
}
