import type { OutboxItem, OutboxState, SendWindow, Sent } from "../outbox.js";
import { orNull } from "../rows/columns.js";
import { toItem } from "../rows/item.js";
import { toSent } from "../rows/send.js";
import type { Row, Tx } from "./statements.js";

/**
 * What reached the bridge, or may have; of what is being sent, that which comes before an item. Notices to owners are few,
 * and must get out when all else is held back.
 */
export function handedUpTo(before: string): string {
  return `taken_at IS NOT NULL AND state IN ('sending', 'delivered', 'stored', 'unknown')
  AND origin <> 'owner-notice' AND (state <> 'sending' OR accepted_at IS NOT NULL OR id < ${before})`;
}

/** Accounts that have items which wait, or are being sent. */
export async function accountsThatSend({ sql }: Tx): Promise<string[]> {
  const rows = await sql(
    "SELECT DISTINCT account FROM outbox WHERE state IN ('pending', 'sending') AND accepted_at IS NULL",
  ).all();
  return rows.map(({ account }) => String(account));
}

/** As the contract's `list`. */
export async function listItems(
  { sql }: Tx,
  { account, states = [], limit }: { account?: string; states?: OutboxState[]; limit: number },
): Promise<OutboxItem[]> {
  // For each state its newest, for few are in most of them; a history that is nearly all of one state is read from its end.
  const rows =
    states.length === 0
      ? await sql(
          "SELECT * FROM outbox WHERE (?1::text IS NULL OR account = ?1) ORDER BY id DESC LIMIT ?2",
        ).all(orNull(account), limit)
      : await sql(
          "SELECT * FROM outbox WHERE (?1::text IS NULL OR account = ?1) AND state = ANY(?3) ORDER BY id DESC LIMIT ?2",
        ).all(orNull(account), limit, states);
  return rows.map(toItem);
}

/** As the contract's `counts`: a trigger counts (`schema.ts`). */
export async function countItems({ sql }: Tx, account: string): Promise<Record<OutboxState, number>> {
  const counts = { held: 0, pending: 0, sending: 0, delivered: 0, stored: 0, not_sent: 0, unknown: 0 };
  const rows = await sql(
    "SELECT state, sum(items) AS items FROM outbox_count WHERE account = ? GROUP BY state",
  ).all(account);
  for (const { state, items } of rows) counts[state as OutboxState] = Number(items);
  return counts;
}

/** As the contract's `deliveries`. */
export async function countDeliveries(
  { sql }: Tx,
  account: string,
): Promise<{ delivered: number; read: number; downgraded: number; failed: number }> {
  const row = (await sql(
    `SELECT coalesce(sum(delivered), 0) AS delivered, coalesce(sum(read), 0) AS read, coalesce(sum(downgraded), 0) AS downgraded,
       coalesce(sum(failed), 0) AS failed FROM outbox_count WHERE account = ?`,
  ).get(account))!;
  return {
    delivered: Number(row.delivered),
    read: Number(row.read),
    downgraded: Number(row.downgraded),
    failed: Number(row.failed),
  };
}

/** As the contract's `firstWrittenBetween`: of what was sent in the time, the first in each chat, with none before it. */
export async function firstWritten(
  { sql }: Tx,
  account: string,
  { since, until, before }: SendWindow,
): Promise<Sent> {
  const handed = handedUpTo("?2");
  return toSent(
    await sql(
      `SELECT count(*) AS count, min(first) AS oldest FROM
         (SELECT DISTINCT ON (chat_key) chat_key, taken_at AS first, origin, initiative FROM outbox
          WHERE account = ?1 AND taken_at > ?3 AND taken_at <= ?4 AND ${handed} ORDER BY chat_key, taken_at, id) AS lately
       WHERE (origin IN ('person', 'approved-draft') OR initiative IS NOT NULL) AND NOT EXISTS (
         SELECT 1 FROM outbox WHERE account = ?1 AND chat_key = lately.chat_key AND taken_at <= ?3 AND ${handed})`,
    ).get(account, before, since, until),
  );
}

/** The item that a row came from; see `OutboxStore.findSent`. */
export async function findSentItem(
  { sql }: Tx,
  account: string,
  row: { guid: string; rowId: number },
): Promise<Row | undefined> {
  // Numbers start again in another database; where both GUIDs are known, they decide.
  return row.guid
    ? sql(
        `SELECT * FROM (
           SELECT 1 AS rank_of_match, * FROM outbox WHERE account = ?1 AND guid = ?2
           UNION ALL SELECT 2, * FROM outbox WHERE account = ?1 AND attempt_id = ?2
           UNION ALL SELECT 3, * FROM outbox WHERE account = ?1 AND row_id = ?3 AND guid IS NULL
         ) AS found ORDER BY rank_of_match, id LIMIT 1`,
      ).get(account, row.guid, row.rowId)
    : sql("SELECT * FROM outbox WHERE account = ? AND row_id = ? ORDER BY id LIMIT 1").get(
        account,
        row.rowId,
      );
}

/** Whether something was handed over for one of these chats; of what is being sent, only items before an id count. */
export async function wasWritten(
  { sql }: Tx,
  account: string,
  chatKeys: readonly string[],
  before: number,
): Promise<boolean> {
  const found = await sql(
    `SELECT 1 FROM outbox WHERE account = ?1 AND chat_key = ANY(?2) AND ${handedUpTo("?3")} AND id < ?3 LIMIT 1`,
  ).get(account, chatKeys, before);
  return found !== undefined;
}
