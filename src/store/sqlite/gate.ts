import type { SqlValue } from "../../platform/index.js";
import type { GateStore, KnownOfPerson, KnownOfRow, RecentSend, RowQuestion } from "../gate.js";
import type { OutboxState } from "../outbox.js";
import { findBinding } from "./bindings.js";
import { guessesOf, openEnrolment } from "./enrolment.js";
import { entryNamed, lastByHandAt, toEntry } from "./entries.js";
import { findSentItem, wasWritten } from "./outbox.js";
import { approvedOwners, isApproved, isOptedOut, pendingRequests } from "./pairing.js";
import { findAsked } from "./questions.js";
import type { Base } from "./statements.js";

/** More than a chat is sent within the time that a row takes to come back. */
const mostRecent = 40;

/** What the gates ask about a row, in one call. */
export class SqliteGate implements GateStore {
  constructor(private readonly base: Base) {}

  async about(question: RowQuestion): Promise<KnownOfRow> {
    const { account, row, chatKeys } = question;
    const binding = findBinding(this.base, account, chatKeys);
    const sent = findSentItem(this.base, account, row);
    const known: KnownOfRow = { binding, sent: sent && Number(sent.id), recent: [] };
    if (sent) return known;
    known.recent = this.#recent(question);
    if (!row.fromMe) known.person = this.#person(question);
    return known;
  }

  #person(question: RowQuestion): KnownOfPerson {
    const { base } = this;
    const { account, handle, chatKeys, at, phrase, answers, refersTo, row } = question;
    const enrolment = phrase === undefined ? undefined : openEnrolment(base, account, at);
    return {
      approved: isApproved(base, account, handle),
      owners: approvedOwners(base, account),
      optedOut: isOptedOut(base, account, handle),
      contacted: wasWritten(base, account, chatKeys, Number.MAX_SAFE_INTEGER),
      wrongPhrases:
        enrolment && enrolment.phrase === phrase ? guessesOf(base, enrolment.id, handle).own : undefined,
      answersQuestion: answers !== undefined && findAsked(base, account, answers) !== undefined,
      refersToOurs: refersTo !== undefined && this.#isOurs(account, refersTo),
      pending: question.pairs ? pendingRequests(base, at, account) : [],
      byHandAt: question.hushes ? lastByHandAt(base, account, row.chat.id) : undefined,
      near: row.chat.id > 0 ? this.#near(question) : [],
    };
  }

  #isOurs(account: string, guid: string): boolean {
    if (findSentItem(this.base, account, { guid, rowId: -1 })) return true;
    return entryNamed(this.base, guid, account)?.row.fromMe ?? false;
  }

  #near({ account, entryId, row, near }: RowQuestion): KnownOfPerson["near"] {
    return this.base
      .sql(
        `SELECT * FROM journal WHERE account = ? AND chat_id = ? AND sent_at BETWEEN ? AND ? AND id < ? AND own = 0
           AND sender = ? ORDER BY id`,
      )
      .all(account, row.chat.id, row.sentAt - near.before, row.sentAt + near.after, entryId, row.sender)
      .map(toEntry);
  }

  #recent({ account, chatKeys, sentSince }: RowQuestion): RecentSend[] {
    const find = this.base.sql(
      `SELECT id, state, text, file, guid, taken_at, floor_row, fence, attempts,
         (SELECT sent_at FROM journal WHERE account = o.account AND guid = o.guid) AS row_sent_at
       FROM outbox o WHERE account = ? AND chat_key = ? AND taken_at >= ? ORDER BY taken_at DESC, id DESC LIMIT ?`,
    );
    return chatKeys.flatMap((chatKey) => find.all(account, chatKey, sentSince, mostRecent).map(toRecent));
  }
}

function toRecent(row: Record<string, SqlValue>): RecentSend {
  const text = (value: SqlValue | undefined) => (value === null ? undefined : String(value));
  return {
    id: Number(row.id),
    claim: {
      kind: "send",
      id: String(row.id),
      owner: "",
      fence: Number(row.fence),
      attempt: Number(row.attempts),
    },
    state: row.state as OutboxState,
    text: text(row.text),
    file: text(row.file),
    guid: text(row.guid),
    takenAt: Number(row.taken_at),
    floorRow: Number(row.floor_row),
    rowSentAt: row.row_sent_at === null ? undefined : Number(row.row_sent_at),
  };
}
