import type { MessageRow } from "../../conversation/index.js";
import type { GateStore, KnownOfPerson, KnownOfRow, RecentSend, RowQuestion } from "../gate.js";
import { toEntry } from "../rows/entry.js";
import { answeredMs, mayLandIn, mostNameless, mostRecent, toRecent, toSent } from "../rows/known.js";
import { findAsked } from "./asked.js";
import { findBinding } from "./bindings.js";
import { guessesOf, openEnrolment } from "./enrolment.js";
import { entryNamed, lastByHand } from "./entries.js";
import { findSentItem, wasWritten } from "./outbox-lists.js";
import { approvedOwners, isApproved, pendingRequests, standingStop } from "./pairing.js";
import type { Base, Row, Tx } from "./statements.js";

/** What the gates ask about a row, in one call. */
export class PostgresGate implements GateStore {
  constructor(private readonly base: Base) {}

  about(question: RowQuestion): Promise<KnownOfRow> {
    // Asked side by side: they go out together, and their answers come in the same order.
    return this.base.read(async (tx) => {
      const { account, row, chatKeys } = question;
      const [binding, sent] = await Promise.all([
        findBinding(tx, account, chatKeys),
        findSentItem(tx, account, row),
      ]);
      if (sent) return { binding, sent: toSent(sent), recent: [] };
      const [recent, person] = await Promise.all([
        recentOf(tx, question),
        row.fromMe ? undefined : personOf(tx, question),
      ]);
      return { binding, sent: undefined, recent, ...(person && { person }) };
    });
  }
}

async function personOf(tx: Tx, question: RowQuestion): Promise<KnownOfPerson> {
  const { account, handle, chatKeys, at, phrase, answers, refersTo, thread, row } = question;
  const findAnswered = async (isOwner: boolean) =>
    answers !== undefined &&
    (await findAsked(tx, account, { ...answers, by: { handle, isOwner } })).length > 0;
  const [approved, owners, stop, contacted, wrongPhrases, answersOwner] = await Promise.all([
    isApproved(tx, account, handle),
    approvedOwners(tx, account),
    standingStop(tx, account, handle),
    wasWritten(tx, account, chatKeys, Number.MAX_SAFE_INTEGER),
    phrase === undefined ? undefined : wrongPhrasesOf(tx, account, { handle, phrase, at }),
    wasWrittenForOwner(tx, account, chatKeys, at),
  ]);
  const [answersQuestion, isAsked, isOurs, isAnswered, pending, byHand, near] = await Promise.all([
    findAnswered(true),
    findAnswered(false),
    refersTo !== undefined && isOfOurs(tx, account, refersTo),
    thread !== undefined && answeredIn(tx, account, thread),
    question.pairs ? pendingRequests(tx, at, account) : [],
    question.hushes ? lastByHand(tx, account, row.chat.id) : undefined,
    row.chat.id > 0 ? nearOf(tx, question) : [],
  ]);
  const refersToOurs = isOurs || isAnswered;
  return {
    ...{ approved, owners, stop, contacted, wrongPhrases, answersOwner, answersQuestion },
    ...{ isAsked, refersToOurs, pending, byHand, near },
  };
}

async function wrongPhrasesOf(
  tx: Tx,
  account: string,
  { handle, phrase, at }: { handle: string; phrase: string; at: number },
): Promise<number | undefined> {
  const enrolment = await openEnrolment(tx, account, at);
  if (!enrolment || enrolment.phrase !== phrase) return undefined;
  return (await guessesOf(tx, enrolment.id, handle)).own;
}

async function wasWrittenForOwner(
  { sql }: Tx,
  account: string,
  chatKeys: readonly string[],
  at: number,
): Promise<boolean> {
  const row = await sql(
    `SELECT 1 FROM outbox WHERE account = ? AND chat_key = ANY(?) AND origin = 'approved-draft' AND taken_at >= ?
       AND state IN ('sending', 'delivered', 'stored', 'unknown') LIMIT 1`,
  ).get(account, chatKeys, at - answeredMs);
  return row !== undefined;
}

async function isOfOurs(tx: Tx, account: string, guid: string): Promise<boolean> {
  if (await findSentItem(tx, account, { guid, rowId: -1 })) return true;
  const entry = await entryNamed(tx, guid, account);
  if (entry) return entry.row.fromMe;
  // What is put on the preview of a link is put on the message that imsg folded it into.
  const folded = await tx
    .sql("SELECT 1 FROM journal WHERE account = ? AND own = 1 AND body #>> '{preview,guid}' = ? LIMIT 1")
    .get(account, guid);
  return folded !== undefined;
}

async function answeredIn({ sql }: Tx, account: string, thread: string): Promise<boolean> {
  const answer = "SELECT 1 FROM journal WHERE account = ? AND own = 1 AND body ->> 'threadGuid' = ? LIMIT 1";
  return (await sql(answer).get(account, thread)) !== undefined;
}

async function nearOf(
  { sql }: Tx,
  { account, entryId, row, near }: RowQuestion,
): Promise<KnownOfPerson["near"]> {
  const rows = await sql(
    `SELECT * FROM journal WHERE account = ? AND chat_id = ? AND sent_at BETWEEN ? AND ? AND id < ? AND own = 0
       AND sender = ? ORDER BY id`,
  ).all(account, row.chat.id, row.sentAt - near.before, row.sentAt + near.after, entryId, row.sender);
  return rows.map(toEntry);
}

async function recentOf(tx: Tx, { account, chatKeys, sentSince, row }: RowQuestion): Promise<RecentSend[]> {
  const newest = tx.sql(recentWhere("TRUE"));
  // A burst must not hide an earlier send whose row comes late; nor a poll, whose caption has a GUID that nobody told.
  const nameless = tx.sql(
    recentWhere("(guid IS NULL AND coalesce(attempt_id, '') = '' OR form #>> '{poll,question}' IS NOT NULL)"),
  );
  const ofKey = async (key: string): Promise<Row[]> => {
    const found = await newest.all(account, key, sentSince, mostRecent);
    if (found.length < mostRecent) return found;
    const ids = new Set(found.map(({ id }) => id));
    const older = await nameless.all(account, key, sentSince, mostNameless);
    return [...found, ...older.filter(({ id }) => !ids.has(id))];
  };
  const under = async (keys: readonly string[], elsewhere: boolean) =>
    (await Promise.all(keys.map(ofKey))).flat().map((send) => ({ ...toRecent(send), elsewhere }));
  const others = await otherKeys(tx, account, { chatKeys, since: sentSince, row });
  return [...(await under(chatKeys, false)), ...(await under(others, true))];
}

/** Keys under which something was sent lately that may have landed in the row's chat all the same. */
async function otherKeys(
  { sql }: Tx,
  account: string,
  { chatKeys, since, row }: { chatKeys: readonly string[]; since: number; row: MessageRow },
): Promise<string[]> {
  // One statement: an account that writes to a hundred people would ask a hundred times for each row.
  const sent = await sql(
    `SELECT chat_key, target, (SELECT body -> 'chat' FROM journal
       WHERE account = ?1 AND chat_id = (target ->> 'chatId')::bigint ORDER BY sent_at DESC LIMIT 1) AS chat
     FROM (SELECT DISTINCT ON (chat_key, target::text) chat_key, target FROM outbox
           WHERE account = ?1 AND taken_at >= ?2 AND chat_key <> ALL(?3)) AS lately`,
  ).all(account, since, chatKeys);
  return sent.filter((send) => mayLandIn(row.chat, send)).map(({ chat_key }) => String(chat_key));
}

/** @param condition which sends of a chat, of those since a time */
function recentWhere(condition: string): string {
  return `SELECT id, state, text, file, form #>> '{poll,question}' AS poll, guid, attempt_id, taken_at, floor_row, fence, attempts,
      (SELECT sent_at FROM journal WHERE account = o.account AND guid = coalesce(o.guid, o.attempt_id)) AS row_sent_at
    FROM outbox o WHERE account = ? AND chat_key = ? AND taken_at >= ? AND form -> 'act' IS NULL AND ${condition}
    ORDER BY taken_at DESC, id DESC LIMIT ?`;
}
