import type { Question } from "../questions.js";
import { toQuestion } from "../rows/question.js";
import type { Tx } from "./statements.js";

/** What a turn asked by a tool on an occasion, the newest of it (behaviour 18.2). */
export async function findOccasion(
  { sql }: Tx,
  turnId: string,
  occasion: string,
): Promise<Question | undefined> {
  const row = await sql(
    "SELECT * FROM question WHERE turn_id = ? AND occasion = ? ORDER BY asked_at DESC, state = 'open' DESC LIMIT 1",
  ).get(turnId, occasion);
  return row && toQuestion(row);
}

/** Closes what a turn asks on other occasions than these; inside a transaction of the caller. */
export async function closeOthers(
  { sql }: Tx,
  turnId: string,
  occasions: readonly string[],
  at: number,
): Promise<void> {
  await sql(
    `UPDATE question SET state = 'closed', ended_at = ? WHERE turn_id = ? AND state = 'open' AND kind = 'ask'
       AND occasion <> ALL(?)`,
  ).run(at, turnId, occasions);
}
