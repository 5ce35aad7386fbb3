import type { Question } from "../questions.js";
import { toQuestion } from "../rows/question.js";
import type { Base } from "./statements.js";

/** What a turn asked by a tool on an occasion, the newest of it (behaviour 18.2). */
export function findOccasion({ sql }: Base, turnId: string, occasion: string): Question | undefined {
  const row = sql(
    "SELECT * FROM question WHERE turn_id = ? AND occasion = ? ORDER BY asked_at DESC, state = 'open' DESC LIMIT 1",
  ).get(turnId, occasion);
  return row && toQuestion(row);
}

/** Closes what a turn asks on other occasions than these; inside a transaction of the caller. */
export function closeOthers({ sql }: Base, turnId: string, occasions: readonly string[], at: number): void {
  sql(
    `UPDATE question SET state = 'closed', ended_at = ? WHERE turn_id = ? AND state = 'open' AND kind = 'ask'
       AND occasion NOT IN (SELECT value FROM json_each(?))`,
  ).run(at, turnId, JSON.stringify(occasions));
}
