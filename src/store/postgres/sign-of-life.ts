import type { NewOutboxItem } from "../outbox.js";
import { signOrdinal, waitingOrdinal } from "../rows/item.js";
import { insertOutbox } from "./insert-outbox.js";
import type { Tx } from "./statements.js";

/** Commits the sign of life of a turn, unless there is one (behaviour 6.3a); inside a transaction of the caller. */
export async function insertSign(
  tx: Tx,
  account: string,
  turnId: string,
  item: NewOutboxItem,
  at: number,
): Promise<void> {
  await insertOutbox(tx, account, item, at, { turnId, ordinal: signOrdinal });
}

/** Commits the line that says that a turn waits for somebody, unless it runs or there is one (behaviour 20.4); inside a transaction of the caller. */
export async function insertWaiting(
  tx: Tx,
  turnId: string,
  item: NewOutboxItem,
  at: number,
): Promise<boolean> {
  const { sql } = tx;
  const turn = await sql("SELECT account FROM turn WHERE id = ? AND state = 'queued' FOR SHARE").get(turnId);
  const said = await sql("SELECT 1 FROM outbox WHERE turn_id = ? AND ordinal = ?").get(
    turnId,
    waitingOrdinal,
  );
  if (!turn || said) return false;
  await insertOutbox(tx, String(turn.account), item, at, { turnId, ordinal: waitingOrdinal });
  return true;
}

/** A turn is over: what still waits to say that it is at work, or waits, is not said any more, nor tried again. What may have been said stays known. */
export async function withdrawSign({ sql }: Tx, turnId: string, at: number): Promise<void> {
  const sign = "turn_id = ?1 AND ordinal < 0 AND accepted_at IS NULL";
  await sql(`DELETE FROM outbox WHERE ${sign} AND state = 'pending' AND in_doubt = 0`).run(turnId);
  await sql(
    `UPDATE outbox SET stopped_at = ?2, due_at = least(due_at, ?2) WHERE ${sign} AND (state = 'sending' OR in_doubt = 1)`,
  ).run(turnId, at);
}
