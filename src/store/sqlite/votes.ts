import type { NewOutboxItem } from "../outbox.js";
import type { GivenVote, Question } from "../questions.js";
import { orUndefined } from "../rows/columns.js";
import { toQuestion } from "../rows/question.js";
import { insertOutbox } from "./insert-outbox.js";
import type { Base } from "./statements.js";

/** Keeps a vote or takes it back, see `QuestionStore.vote`; inside a transaction of the caller. */
export function keepVote(
  { sql }: Base,
  id: string,
  { option, by, chat }: GivenVote,
  settlesAt: number,
): boolean {
  const vote = option === undefined ? null : JSON.stringify({ option, by, chat });
  const { changes } = sql(
    `UPDATE question SET vote = ?1, vote_at = CASE WHEN ?1 IS NULL THEN NULL ELSE coalesce(vote_at, ?2) END
     WHERE id = ?3 AND state = 'open' AND (vote IS NULL OR vote ->> '$.by' = ?4)`,
  ).run(vote, settlesAt, id, by);
  return Number(changes) > 0;
}

/** Questions with a vote that counts by then, the first one first. */
export function votesDue({ sql }: Base, at: number): Question[] {
  return sql("SELECT * FROM question WHERE vote_at <= ? ORDER BY vote_at, id").all(at).map(toQuestion);
}

/** When the next vote counts; undefined where none waits. */
export function nextVote({ sql }: Base): number | undefined {
  const row = sql("SELECT min(vote_at) AS at FROM question WHERE vote_at IS NOT NULL").get();
  return orUndefined<number>(row?.at ?? null);
}

/** Forgets a vote with what is said about it, where it is there still; inside a transaction of the caller. */
export function endVote(base: Base, id: string, said: readonly NewOutboxItem[], at: number): void {
  const voted = base
    .sql(
      "UPDATE question SET vote = NULL, vote_at = NULL WHERE id = ? AND vote_at IS NOT NULL RETURNING account",
    )
    .get(id);
  if (voted) for (const item of said) insertOutbox(base, String(voted.account), item, at);
}
