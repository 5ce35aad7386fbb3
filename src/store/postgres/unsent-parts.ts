import type { ErrorCode } from "../../platform/index.js";
import { partsOf } from "../rows/item.js";
import { earlierPartFailed, stopped } from "../rows/send.js";
import { dropDraftsIn } from "./drafts.js";
import type { Row, Tx, Value } from "./statements.js";
import { jsonText } from "./words.js";

/**
 * What follows a message that was given up would be half an answer, or half of what somebody sent: it is not sent either, and says why. A sign of life
 * (`sign-of-life.ts`) is no part of an answer.
 */
export async function giveUpRest(
  { sql }: Tx,
  { turn_id, ordinal, id, account, chat_key, form }: Row,
  at: number,
): Promise<void> {
  const giveUp = async (which: string, values: Value[]) => {
    const waits = `state = 'pending' AND ${which}`;
    await sql(
      `UPDATE outbox SET state = 'not_sent', settled_at = ?, error = ? WHERE in_doubt = 0 AND ${waits}`,
    ).run(at, jsonText(earlierPartFailed), ...values);
    // What may have gone is looked for once more.
    await sql(
      `UPDATE outbox SET stopped_at = ?, due_at = least(due_at, ?) WHERE in_doubt = 1 AND ${waits}`,
    ).run(...[at, at, ...values]);
  };
  if (turn_id !== null && Number(ordinal) >= 0)
    await giveUp("turn_id = ? AND ordinal > ?", [turn_id!, ordinal!]);
  const parts = partsOf(form);
  if (parts !== undefined)
    await giveUp("account = ? AND chat_key = ? AND id > ? AND form ->> 'parts' = ?", [
      ...[account!, chat_key!, id!, parts],
    ]);
}

/**
 * Ends parts of an answer that were put together after an earlier one was given up: a turn may go on while its first parts are
 * sent. What an owner did not approve (`draft-parts.ts`) is no such part.
 * @param from place of the first of them among the turn's replies
 */
export async function giveUpLater({ sql }: Tx, turnId: string, from: number, at: number): Promise<void> {
  if (from === 0) return;
  const isGivenUp = "state = 'unknown' OR state = 'not_sent' AND (attempts > 0 OR error ->> 'code' = ?)";
  const earlier = await sql(
    `SELECT 1 FROM outbox WHERE turn_id = ? AND ordinal >= 0 AND ordinal < ? AND (${isGivenUp}) LIMIT 1`,
  ).get(turnId, from, "EARLIER_PART_FAILED" satisfies ErrorCode);
  if (earlier === undefined) return;
  await sql(
    "UPDATE outbox SET state = 'not_sent', settled_at = ?, error = ? WHERE turn_id = ? AND ordinal >= ? AND state = 'pending'",
  ).run(at, jsonText(earlierPartFailed), turnId, from);
}

/**
 * Ends what waits of agents' answers in a chat, drafts too, and marks what is being sent or may have been, so that it is not
 * tried again; see `OutboxStore.stopAnswers`.
 * @returns how many messages that waited
 */
export async function stopAnswersIn(
  tx: Tx,
  account: string,
  chatKeys: readonly string[],
  at: number,
): Promise<number> {
  const answers =
    "account = ? AND origin = 'turn' AND state IN ('pending', 'sending') AND accepted_at IS NULL AND chat_key = ANY(?)";
  await tx
    .sql(
      `UPDATE outbox SET stopped_at = ?, due_at = least(due_at, ?) WHERE ${answers} AND (state = 'sending' OR in_doubt = 1)`,
    )
    .run(at, at, account, chatKeys);
  const ended = await tx
    .sql(
      `UPDATE outbox SET state = 'not_sent', settled_at = ?, error = ? WHERE ${answers} AND state = 'pending' AND in_doubt = 0`,
    )
    .run(at, jsonText(stopped), account, chatKeys);
  return ended + (await dropDraftsIn(tx, account, chatKeys, stopped, at));
}

/** Ends a message that was stopped while it was sent, and surely did not go out. */
export async function endStopped({ sql }: Tx, id: number, at: number): Promise<void> {
  await sql("UPDATE outbox SET state = 'not_sent', settled_at = ?, error = ? WHERE id = ?").run(
    at,
    jsonText(stopped),
    id,
  );
}
