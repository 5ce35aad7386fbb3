import type { SqlValue } from "../../platform/index.js";
import type { ByHand } from "../by-hand.js";
import type { JournalEntry } from "../journal.js";
import { captionMs, toEntry } from "../rows/entry.js";
import type { Base } from "./statements.js";

/** A row that was answered is never opened again by accident: only rows that ended without a turn, or whose turn failed. */
export const reopenSql = `UPDATE journal SET state = 'new', arrival = ?, decision = NULL, reason = NULL, decision_json = NULL,
  decided_at = NULL, turn_id = NULL, told = 0 WHERE id = ? AND state IN ('done', 'failed') AND (decision <> 'dispatch' OR state = 'failed')`;

/** Inserts a row; left out is the end of the statement, with the state and what becomes of a row that is there. */
export const insertSql = `INSERT INTO journal (account, guid, row_id, chat_id, sender, own, is_group, arrival, received_at, sent_at, body, state)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,`;

/** Journals a row, inside a transaction. @returns its id; undefined for one that is there already */
export function insertRow(base: Base, columns: SqlValue[]): number | undefined {
  const entry = base
    .sql(`${insertSql} 'new') ON CONFLICT (account, guid) DO NOTHING RETURNING id`)
    .get(...columns);
  return entry && Number(entry.id);
}

/** @param account absent: of any */
export function entryNamed(base: Base, guid: string, account?: string): JournalEntry | undefined {
  const { sql } = base;
  const row =
    account === undefined
      ? sql(
          "SELECT * FROM journal WHERE account IN (SELECT id FROM account) AND guid = ? ORDER BY id DESC LIMIT 1",
        ).get(guid)
      : sql("SELECT * FROM journal WHERE account = ? AND guid = ?").get(account, guid);
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
  LEFT JOIN outbox AS item ON item.id = lately.items ->> '$[0]'
  WHERE lately.account = journal.account AND name = 'poll' AND lately.state <> 'failed'
  AND item.state IS NOT 'not_sent' AND (chat NOT LIKE 'chat_id:%' OR chat = 'chat_id:' || journal.chat_id)
  AND trim(json_extract(parameters, '$.question')) = trim(json_extract(body, '$.text'))
  AND (received_at BETWEEN ${sentFrom} AND ${sentUntil} OR sent_at BETWEEN ${sentFrom} AND ${sentUntil}))`;

/** What the account's human last wrote in a chat; a pass journals older words later. What turned out to be a send after all, or belongs to a poll, is none of it. */
export function lastByHand(base: Base, account: string, chatId: number): ByHand | undefined {
  const row = base
    .sql(
      `SELECT sent_at, received_at, json_extract(body, '$.text') AS text FROM journal
       WHERE account = ? AND chat_id = ? AND own = 1 AND reason = 'own_message'
         AND json_extract(body, '$.tapback') IS NULL AND json_extract(body, '$.text') <> ''
         AND json_extract(body, '$.poll') IS NULL
         AND NOT EXISTS (SELECT 1 FROM outbox WHERE account = journal.account AND guid = journal.guid)
         AND NOT ${isCaption}
       ORDER BY min(sent_at, received_at) DESC, id DESC LIMIT 1`,
    )
    .get(account, chatId);
  return row && { sentAt: Number(row.sent_at), receivedAt: Number(row.received_at), text: String(row.text) };
}
