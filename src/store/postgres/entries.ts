import type { MessageRow } from "../../conversation/index.js";
import type { ByHand } from "../by-hand.js";
import type { Arrival, JournalEntry } from "../journal.js";
import { changeOf } from "../rows/change.js";
import { captionMs, columnsOf, toEntry } from "../rows/entry.js";
import type { Tx, Value } from "./statements.js";
import { jsonText } from "./words.js";

/** A row that was answered is never opened again by accident: only rows that ended without a turn, or whose turn failed. */
export const reopenSql = `UPDATE journal SET state = 'new', arrival = ?, decision = NULL, reason = NULL, decision_json = NULL,
  decided_at = NULL, turn_id = NULL, told = 0
  WHERE id = ANY(?) AND state IN ('done', 'failed') AND (decision <> 'dispatch' OR state = 'failed')`;

/** Inserts a row; left out is what becomes of one that is there. */
export const insertSql = `INSERT INTO journal (account, guid, row_id, chat_id, sender, own, is_group, arrival, received_at, sent_at, body, state)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'new') ON CONFLICT (account, guid)`;

/** The values of {@link insertSql}, in its order. */
export function valuesOf(account: string, row: MessageRow, arrival: Arrival, receivedAt: number): Value[] {
  const values: Value[] = columnsOf(account, row, arrival, receivedAt);
  return [...values.slice(0, -1), jsonText(String(values.at(-1)))];
}

/** Journals a row, inside a transaction. @returns its id; undefined for one that is there already */
export async function insertRow({ sql }: Tx, values: Value[]): Promise<number | undefined> {
  const entry = await sql(`${insertSql} DO NOTHING RETURNING id`).get(...values);
  return entry && Number(entry.id);
}

/** @param account absent: of any */
export async function entryNamed(
  { sql }: Tx,
  guid: string,
  account?: string,
): Promise<JournalEntry | undefined> {
  const row =
    account === undefined
      ? await sql(
          "SELECT * FROM journal WHERE account IN (SELECT id FROM account) AND guid = ? ORDER BY id DESC LIMIT 1",
        ).get(guid)
      : await sql("SELECT * FROM journal WHERE account = ? AND guid = ?").get(account, guid);
  return row && toEntry(row);
}

/** When a poll was handed to the bridge: what was queued may go long after it was asked for. */
const sentFrom = "CASE WHEN item.id IS NULL THEN began_at ELSE item.taken_at END";
const sentUntil = `coalesce(item.settled_at, item.taken_at, ended_at, began_at) + ${captionMs}`;

/**
 * Whether a row of our own is the caption that imsg sent with a poll of ours: the question as a message of its own, under a GUID
 * that a lost answer does not tell (protocol reference 20). A poll that was surely not sent has none. The newest actions are looked
 * through alone: a chat is quiet for minutes, and this is asked for each message.
 */
const isCaption = `EXISTS (SELECT 1 FROM (SELECT * FROM action ORDER BY id DESC LIMIT 500) AS lately
  LEFT JOIN outbox AS item ON item.id = (lately.items ->> 0)::bigint
  WHERE lately.account = journal.account AND name = 'poll' AND lately.state <> 'failed'
  AND item.state IS DISTINCT FROM 'not_sent' AND (chat NOT LIKE 'chat_id:%' OR chat = 'chat_id:' || journal.chat_id)
  AND btrim(parameters ->> 'question') = btrim(body ->> 'text')
  AND (received_at BETWEEN ${sentFrom} AND ${sentUntil} OR sent_at BETWEEN ${sentFrom} AND ${sentUntil}))`;

/** What the account's human last wrote in a chat; a pass journals older words later. What turned out to be a send after all, or belongs to a poll, is none of it. */
export async function lastByHand({ sql }: Tx, account: string, chatId: number): Promise<ByHand | undefined> {
  const row = await sql(
    `SELECT sent_at, received_at, body ->> 'text' AS text FROM journal
     WHERE account = ? AND chat_id = ? AND own = 1 AND reason = 'own_message'
       AND body -> 'tapback' IS NULL AND body ->> 'text' <> '' AND body -> 'poll' IS NULL
       AND NOT EXISTS (SELECT 1 FROM outbox WHERE account = journal.account AND guid = journal.guid)
       AND NOT ${isCaption}
     ORDER BY least(sent_at, received_at) DESC, id DESC LIMIT 1`,
  ).get(account, chatId);
  return row && { sentAt: Number(row.sent_at), receivedAt: Number(row.received_at), text: String(row.text) };
}

/** Journals what a row that is reported again brings, inside a transaction. @returns undefined where that is nothing */
export async function insertChange(
  tx: Tx,
  account: string,
  row: MessageRow,
  came: Pick<JournalEntry, "arrival" | "receivedAt">,
): Promise<JournalEntry | undefined> {
  const { sql } = tx;
  const entry = row.guid === "" ? undefined : await entryNamed(tx, row.guid, account);
  if (!entry) return undefined;
  const earlier = await sql("SELECT * FROM journal WHERE account = ? AND guid > ? AND guid < ? ORDER BY id")
    // Between "#" and the character after it.
    .all(account, `${row.guid}#`, `${row.guid}$`);
  const change = changeOf(
    entry,
    earlier.map((found) => toEntry(found).row),
    row,
  );
  const id = change && (await insertRow(tx, valuesOf(account, change, came.arrival, came.receivedAt)));
  const stored = id === undefined ? undefined : await sql("SELECT * FROM journal WHERE id = ?").get(id);
  return stored && toEntry(stored);
}
