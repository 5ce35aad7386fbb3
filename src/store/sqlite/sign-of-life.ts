import type { NewOutboxItem } from "../outbox.js";
import { insertOutbox } from "./insert-outbox.js";
import type { Base } from "./statements.js";

/** Before the first reply of its turn, and one place only: no attempt says it a second time. */
const ordinal = -1;

/** Commits the sign of life of a turn, unless there is one (behaviour 6.3a); inside a transaction of the caller. */
export function insertSign(
  base: Base,
  account: string,
  turnId: string,
  item: NewOutboxItem,
  at: number,
): void {
  insertOutbox(base, account, item, at, { turnId, ordinal });
}

/** A turn is over: what still waits to say that it is at work is not said any more, nor tried again. */
export function withdrawSign({ sql }: Base, turnId: string, at: number): void {
  const sign = "turn_id = ? AND ordinal = ? AND accepted_at IS NULL";
  sql(`DELETE FROM outbox WHERE ${sign} AND state = 'pending'`).run(turnId, ordinal);
  sql(`UPDATE outbox SET stopped_at = ? WHERE ${sign} AND state = 'sending'`).run(at, turnId, ordinal);
}
