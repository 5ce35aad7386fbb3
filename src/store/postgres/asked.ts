import type { AskedIn, Question } from "../questions.js";
import { mayAnswer, noPlace, toQuestion } from "../rows/question.js";
import type { Row, Tx } from "./statements.js";

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

/** The questions that may be meant there, see `QuestionStore.asked`; inside a read of the caller. */
export async function findAsked(
  tx: Tx,
  account: string,
  { guid, chat, isFree, by, fits, gave }: AskedIn,
): Promise<Question[]> {
  const isMeant = (row: Row, isAlone: boolean) => fits?.(toQuestion(row), isAlone) ?? true;
  const named = guid === undefined ? undefined : await askedBy(tx, account, guid);
  if (named) {
    const mayBe = !(isFree && named.kind === "permission") && mayAnswer(toQuestion(named), by, true);
    return mayBe && isMeant(named, false) ? [toQuestion(named)] : [];
  }
  // Nearly nowhere was anything ever asked, and this is asked for every message.
  if (!chat || !(await wasAsked(tx, account, chat.keys))) return [];
  const wasRead = (row: Row | undefined) =>
    row !== undefined && Number(row.told_row) < chat.rowId && Number(row.told_at) <= chat.writtenAt;
  const all = (await openIn(tx, account, chat.keys)).filter((row) => mayAnswer(toQuestion(row), by, false));
  // A draft that a newer message overtook is answered by its name alone, unless there is nothing else.
  const current = all.filter(({ overtaken }) => overtaken === null);
  const open = current.length > 0 ? current : all;
  const meant = open.filter((row) => wasRead(row) && isMeant(row, open.length === 1));
  if (meant.length > 0) return (chat.words === "other" ? meant : open).map(toQuestion);
  // A process that died after it took the answer judges the same words once more.
  const taken = (await answeredIn(tx, account, chat.keys, by?.handle ?? ""))
    .filter((row) => wasRead(row) && Number(row.ended_at) >= chat.writtenAt)
    .find((row) => gave?.(toQuestion(row)) ?? false);
  if (taken) return [toQuestion(taken)];
  if (chat.words === "other") return [];
  const last = chat.words ? undefined : await lastSaid(tx, account, chat.keys);
  if (!last || !wasRead(last) || !mayAnswer(toQuestion(last), by, false)) return [];
  return isMeant(last, false) ? [toQuestion(last)] : [];
}

/** The question that a message of ours asks. */
async function askedBy({ sql }: Tx, account: string, guid: string): Promise<Row | undefined> {
  return sql(
    `SELECT q.*, p.chat_key AS place FROM outbox o JOIN question_place p ON p.outbox_id = o.id JOIN question q ON q.id = p.question_id
     WHERE o.account = ? AND o.guid = ?`,
  ).get(account, guid);
}

async function wasAsked({ sql }: Tx, account: string, chatKeys: readonly string[]): Promise<boolean> {
  const find = "SELECT 1 FROM question_place WHERE account = ? AND chat_key = ANY(?) LIMIT 1";
  return (await sql(find).get(account, chatKeys)) !== undefined;
}

/** A question of several messages is asked with the last of them. */
const placed = `SELECT q.*, max(${toldRow}) AS told_row, max(${toldAt}) AS told_at,
    (SELECT overtaken_at FROM draft WHERE id = q.id) AS overtaken, p.chat_key AS place FROM question q
    JOIN question_place p ON p.question_id = q.id JOIN outbox o ON o.id = p.outbox_id
  WHERE q.account = p.account AND p.account = ? AND p.chat_key = ANY(?)`;

/** What somebody answered there, of each conversation the newest first. */
async function answeredIn(
  { sql }: Tx,
  account: string,
  chatKeys: readonly string[],
  by: string,
): Promise<Row[]> {
  const rows = await sql(
    `${placed} AND q.state = 'answered' AND q.answered_by = ? GROUP BY q.id, p.chat_key ORDER BY q.ended_at DESC`,
  ).all(account, chatKeys, by);
  return chatKeys.flatMap((chatKey) => rows.filter(({ place }) => place === chatKey).slice(0, 3));
}

/** The questions that are open in one of these conversations, oldest first, with when people could read them. */
export async function openIn({ sql }: Tx, account: string, chatKeys: readonly string[]): Promise<Row[]> {
  const rows = await sql(`${placed} AND q.state = 'open' GROUP BY q.id, p.chat_key ORDER BY q.id`).all(
    account,
    chatKeys,
  );
  return chatKeys
    .flatMap((chatKey) => rows.filter(({ place }) => place === chatKey))
    .sort((one, other) => Number(one.asked_at) - Number(other.asked_at));
}

/** The question that was the last thing said in a chat, answers to commands aside; whatever became of it. */
async function lastSaid({ sql }: Tx, account: string, chatKeys: readonly string[]): Promise<Row | undefined> {
  return sql(
    `SELECT q.*, ${toldRow} AS told_row, ${toldAt} AS told_at FROM question_place p JOIN question q ON q.id = p.question_id
       JOIN outbox o ON o.id = p.outbox_id
     WHERE p.chat_key <> '${noPlace}' AND p.outbox_id = (SELECT max(id) FROM outbox WHERE account = ? AND chat_key = ANY(?) AND origin <> 'command')`,
  ).get(account, chatKeys);
}
