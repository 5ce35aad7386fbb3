import type { SqlValue } from "../../platform/index.js";
import type { NewOutboxItem } from "../outbox.js";
import type {
  AskedIn,
  GivenVote,
  NewQuestion,
  Question,
  QuestionState,
  QuestionStore,
  WaitingQuestion,
} from "../questions.js";
import { orNull } from "../rows/columns.js";
import { mayAnswer, noPlace, toQuestion } from "../rows/question.js";
import { insertOutbox } from "./insert-outbox.js";
import { closeOthers, findOccasion } from "./occasions.js";
import { mustRun } from "./running-turns.js";
import type { Base } from "./statements.js";
import { endVote, keepVote, nextVote, votesDue } from "./votes.js";

/** What owners are asked, each with the messages that asked it. */
export class SqliteQuestions implements QuestionStore {
  constructor(private readonly base: Base) {}

  ask(question: NewQuestion, asked: NewOutboxItem[], run?: number): Promise<boolean> {
    const { sql, write } = this.base;
    return write(["outbox", "questions"], () => {
      if (run !== undefined) mustRun(this.base, question.turnId, run);
      if (sql("SELECT 1 FROM question WHERE id = ?").get(question.id)) return false;
      sql(
        `INSERT INTO question (id, account, kind, turn_id, session_key, title, options, asked_at, expires_at, answerers, words, occasion, state)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open')`,
      ).run(
        question.id,
        question.account,
        question.kind,
        question.turnId,
        question.sessionKey,
        question.title,
        JSON.stringify(question.options),
        question.askedAt,
        question.expiresAt,
        question.answerers ? JSON.stringify(question.answerers) : null,
        orNull(question.words),
        orNull(question.occasion),
      );
      insertPlaces(this.base, question, asked, question.askedAt);
      return true;
    });
  }

  end(
    id: string,
    state: Exclude<QuestionState, "open">,
    at: number,
    answer?: { choice: string; by: string },
  ): Promise<boolean> {
    const { sql, writeToDisk } = this.base;
    // The agent does what it was allowed right after.
    return writeToDisk(
      ["questions"],
      () =>
        Number(
          sql(
            "UPDATE question SET state = ?, ended_at = ?, choice = ?, answered_by = ? WHERE id = ? AND state = 'open'",
          ).run(state, at, orNull(answer?.choice), orNull(answer?.by), id).changes,
        ) > 0,
    );
  }

  async abandon(at: number, turnId?: string): Promise<number> {
    const { sql, write } = this.base;
    // Mostly there are none, and a start need not wait for the disk.
    const left = `state = 'open' AND kind = 'permission' AND CASE WHEN ?1 IS NOT NULL THEN turn_id = ?1
      ELSE NOT EXISTS (SELECT 1 FROM turn WHERE turn.id = question.turn_id AND turn.state = 'running') END`;
    const of = orNull(turnId);
    if (!sql(`SELECT 1 FROM question WHERE ${left} LIMIT 1`).get(of)) return 0;
    return write(["questions"], () =>
      Number(sql(`UPDATE question SET state = 'closed', ended_at = ?2 WHERE ${left}`).run(of, at).changes),
    );
  }

  async get(id: string): Promise<Question | undefined> {
    const row = this.base.sql("SELECT * FROM question WHERE id = ?").get(id);
    return row && toQuestion(row);
  }

  async waiting(): Promise<WaitingQuestion[]> {
    const { sql } = this.base;
    const open = sql("SELECT * FROM question WHERE state = 'open' AND kind != 'draft' ORDER BY asked_at, id");
    const places = sql(
      `SELECT p.chat_key, o.text FROM question_place p JOIN outbox o ON o.id = p.outbox_id
       WHERE p.question_id = ? ORDER BY p.outbox_id`,
    );
    return open.all().map((row) => {
      const asked = places.all(String(row.id));
      const first = asked.filter(({ chat_key }) => chat_key === asked[0]!.chat_key);
      return { ...toQuestion(row), texts: first.map(({ text }) => String(text ?? "")) };
    });
  }

  async open(account: string, chatKeys: string[]): Promise<Question[]> {
    return openIn(this.base, account, chatKeys).map(toQuestion);
  }

  async asked(account: string, where: AskedIn): Promise<Question[]> {
    return findAsked(this.base, account, where);
  }

  vote(id: string, vote: GivenVote, settlesAt: number): Promise<boolean> {
    // A draft expires again when its vote is taken back.
    return this.base.write(["drafts"], () => keepVote(this.base, id, vote, settlesAt));
  }

  async votesDue(at: number): Promise<Question[]> {
    return votesDue(this.base, at);
  }

  async nextVote(): Promise<number | undefined> {
    return nextVote(this.base);
  }

  voted(id: string, said: NewOutboxItem[], at: number): Promise<void> {
    return this.base.write(["drafts", "outbox"], () => endVote(this.base, id, said, at));
  }

  async ofTurn(turnId: string, occasion: string): Promise<Question | undefined> {
    return findOccasion(this.base, turnId, occasion);
  }

  closeOthers(turnId: string, occasions: readonly string[], at: number): Promise<void> {
    return this.base.write(["questions"], () => closeOthers(this.base, turnId, occasions, at));
  }
}

/** Puts the messages that ask a question into the outbox; inside a transaction of the caller. */
export function insertPlaces(
  base: Base,
  { id, account }: Pick<Question, "id" | "account">,
  asked: readonly NewOutboxItem[],
  at: number,
): void {
  const insert = base.sql(
    "INSERT INTO question_place (outbox_id, question_id, account, chat_key) VALUES (?, ?, ?, ?)",
  );
  for (const item of asked) insert.run(insertOutbox(base, account, item, at), id, account, item.chatKey);
}

/** Whether something may be meant there: nearly nowhere was anything ever asked, and this is asked for every message. */
export function mayBeAsked(base: Base, account: string, { guid, chat }: AskedIn): boolean {
  return guid !== undefined || (chat !== undefined && wasAsked(base, account, chat.keys));
}

/** The questions that may be meant there, see {@link QuestionStore.asked}; inside a read of the caller. */
export function findAsked(
  base: Base,
  account: string,
  { guid, chat, isFree, by, fits, gave }: AskedIn,
): Question[] {
  const isMeant = (row: Row, isAlone: boolean) => fits?.(toQuestion(row), isAlone) ?? true;
  const named = guid === undefined ? undefined : askedBy(base, account, guid);
  if (named) {
    const mayBe = !(isFree && named.kind === "permission") && mayAnswer(toQuestion(named), by, true);
    return mayBe && isMeant(named, false) ? [toQuestion(named)] : [];
  }
  if (!chat || !wasAsked(base, account, chat.keys)) return [];
  const wasRead = (row: Row | undefined) =>
    row !== undefined && Number(row.told_row) < chat.rowId && Number(row.told_at) <= chat.writtenAt;
  const all = openIn(base, account, chat.keys).filter((row) => mayAnswer(toQuestion(row), by, false));
  // A draft that a newer message overtook is answered by its name alone, unless there is nothing else.
  const current = all.filter(({ overtaken }) => overtaken === null);
  const open = current.length > 0 ? current : all;
  const meant = open.filter((row) => wasRead(row) && isMeant(row, open.length === 1));
  if (meant.length > 0) return (chat.words === "other" ? meant : open).map(toQuestion);
  // A process that died after it took the answer judges the same words once more.
  const taken = answeredIn(base, account, chat.keys, by?.handle ?? "")
    .filter((row) => wasRead(row) && Number(row.ended_at) >= chat.writtenAt)
    .find((row) => gave?.(toQuestion(row)) ?? false);
  if (taken) return [toQuestion(taken)];
  if (chat.words === "other") return [];
  const last = chat.words ? undefined : lastSaid(base, account, chat.keys);
  if (!last || !wasRead(last) || !mayAnswer(toQuestion(last), by, false)) return [];
  return isMeant(last, false) ? [toQuestion(last)] : [];
}

const never = Number.MAX_SAFE_INTEGER;

/** The row of a message of ours; null while it has none that is known. */
const ownRow = "coalesce(o.row_id, (SELECT row_id FROM journal WHERE account = o.account AND guid = o.guid))";

/** A message that nobody can have read: it waits or is under way, its row is still to come, or it surely never left. */
const unread = "(o.guid IS NOT NULL OR o.state IN ('pending', 'sending', 'not_sent'))";

/**
 * Behind which row people could have read a message: its own, for rows are numbered as they come and no clock matters. Where
 * nobody knows which row is its own, the newest one when it was handed over.
 */
const toldRow = `CASE WHEN ${ownRow} IS NOT NULL THEN ${ownRow} WHEN ${unread} THEN ${never} ELSE o.floor_row END`;

/** Rows that were there by then, and came here later, are known by their time alone. */
const toldAt = `CASE WHEN ${ownRow} IS NOT NULL THEN 0 ELSE coalesce(o.taken_at, ${never}) END`;

type Row = Record<string, SqlValue>;

/** The question that a message of ours asks. */
function askedBy({ sql }: Base, account: string, guid: string): Row | undefined {
  return sql(
    `SELECT q.*, p.chat_key AS place FROM outbox o JOIN question_place p ON p.outbox_id = o.id JOIN question q ON q.id = p.question_id
     WHERE o.account = ? AND o.guid = ?`,
  ).get(account, guid);
}

function wasAsked({ sql }: Base, account: string, chatKeys: readonly string[]): boolean {
  const find = sql("SELECT 1 FROM question_place WHERE account = ? AND chat_key = ? LIMIT 1");
  return chatKeys.some((chatKey) => find.get(account, chatKey) !== undefined);
}

/** A question of several messages is asked with the last of them. */
const placed = `SELECT q.*, max(${toldRow}) AS told_row, max(${toldAt}) AS told_at,
    (SELECT overtaken_at FROM draft WHERE id = q.id) AS overtaken FROM question q
    JOIN question_place p ON p.question_id = q.id JOIN outbox o ON o.id = p.outbox_id
  WHERE q.account = p.account AND p.account = ? AND p.chat_key = ?`;

/** What somebody answered there, the newest first. */
function answeredIn({ sql }: Base, account: string, chatKeys: readonly string[], by: string): Row[] {
  const find = sql(
    `${placed} AND q.state = 'answered' AND q.answered_by = ? GROUP BY q.id ORDER BY q.ended_at DESC LIMIT 3`,
  );
  return chatKeys.flatMap((chatKey) => find.all(account, chatKey, by));
}

function openIn({ sql }: Base, account: string, chatKeys: readonly string[]): Row[] {
  const find = sql(`${placed} AND q.state = 'open' GROUP BY q.id`);
  return chatKeys
    .flatMap((chatKey) => find.all(account, chatKey))
    .sort((one, other) => Number(one.asked_at) - Number(other.asked_at));
}

/** The question that was the last thing said in a chat, answers to commands aside; whatever became of it. */
function lastSaid({ sql }: Base, account: string, chatKeys: readonly string[]): Row | undefined {
  const newest = chatKeys
    .flatMap((chatKey) =>
      sql(
        `SELECT id FROM outbox WHERE account = ? AND chat_key = ? AND origin != 'command' ORDER BY id DESC LIMIT 1`,
      ).all(account, chatKey),
    )
    .reduce((highest, { id }) => Math.max(highest, Number(id)), 0);
  return sql(
    `SELECT q.*, ${toldRow} AS told_row, ${toldAt} AS told_at FROM question_place p JOIN question q ON q.id = p.question_id
       JOIN outbox o ON o.id = p.outbox_id
     WHERE p.outbox_id = ? AND p.chat_key <> '${noPlace}'`,
  ).get(newest);
}
