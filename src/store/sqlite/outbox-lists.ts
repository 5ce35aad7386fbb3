import type { SqlValue } from "../../platform/index.js";
import type { OutboxItem, OutboxState } from "../outbox.js";
import { orNull } from "../rows/columns.js";
import { toItem } from "../rows/item.js";
import type { Base } from "./statements.js";

const waiting =
  "SELECT id FROM outbox INDEXED BY outbox_open WHERE state IN ('pending', 'sending') AND accepted_at IS NULL";
const accepted =
  "SELECT id FROM outbox INDEXED BY outbox_accepted WHERE state = 'sending' AND accepted_at IS NOT NULL";
const ended =
  "SELECT id FROM outbox INDEXED BY outbox_ended WHERE state IN ('held', 'not_sent', 'unknown') AND state";

/** Which items there may be of each state that few are in; of the others nearly all are. */
const few: Partial<Record<OutboxState, string>> = {
  pending: waiting,
  sending: `${waiting} UNION ${accepted}`,
  held: `${ended} = 'held'`,
  not_sent: `${ended} = 'not_sent'`,
  unknown: `${ended} = 'unknown'`,
};

/** Accounts that have items which wait, or are being sent: from account to account through an index, however many items there are. */
export function accountsThatSend({ sql }: Pick<Base, "sql">): string[] {
  const first = (after: string) =>
    `SELECT min(account) AS account FROM outbox INDEXED BY outbox_open WHERE state IN ('pending', 'sending') AND accepted_at IS NULL ${after}`;
  return sql(
    `WITH RECURSIVE open (account) AS (${first("")} UNION ALL
       SELECT (${first("AND outbox.account > open.account")}) FROM open WHERE account IS NOT NULL)
     SELECT account FROM open WHERE account IS NOT NULL`,
  )
    .all()
    .map(({ account }) => String(account));
}

/** As the contract's `list`. */
export function listItems(
  { sql }: Base,
  { account, states = [], limit }: { account?: string; states?: OutboxState[]; limit: number },
): OutboxItem[] {
  const places = states.map((state) => few[state]);
  const isFew = places.length > 0 && places.every((place) => place !== undefined);
  const from = isFew
    ? `(${[...new Set(places)].join(" UNION ")}) AS found CROSS JOIN outbox ON outbox.id = found.id`
    : "outbox";
  const isOne = states.length > 0 ? "AND state IN (SELECT value FROM json_each(?3))" : "";
  const text = `SELECT outbox.* FROM ${from} WHERE (?1 IS NULL OR account = ?1) ${isOne} ORDER BY outbox.id DESC LIMIT ?2`;
  const values: SqlValue[] = [orNull(account), limit];
  return sql(text)
    .all(...values, ...(states.length > 0 ? [JSON.stringify(states)] : []))
    .map(toItem);
}

/** As the contract's `counts`: triggers count (`growth-migration.ts`). */
export function countItems({ sql }: Base, account: string): Record<OutboxState, number> {
  const counts = { held: 0, pending: 0, sending: 0, delivered: 0, stored: 0, not_sent: 0, unknown: 0 };
  for (const { state, items } of sql("SELECT state, items FROM outbox_count WHERE account = ?").all(account))
    counts[state as OutboxState] = Number(items);
  return counts;
}

/** As the contract's `deliveries`. */
export function countDeliveries(
  { sql }: Base,
  account: string,
): { delivered: number; read: number; downgraded: number; failed: number } {
  const row = sql(
    `SELECT total(delivered) AS delivered, total(read) AS read, total(downgraded) AS downgraded, total(failed) AS failed
     FROM outbox_count WHERE account = ?`,
  ).get(account)!;
  return {
    delivered: Number(row.delivered),
    read: Number(row.read),
    downgraded: Number(row.downgraded),
    failed: Number(row.failed),
  };
}
