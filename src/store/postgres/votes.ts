import type { NewOutboxItem } from "../outbox.js";
import type { GivenVote } from "../questions.js";
import { insertAll } from "./insert-outbox.js";
import type { Tx } from "./statements.js";
import { json } from "./words.js";

/** Keeps a vote or takes it back, see `QuestionStore.vote`; inside a transaction of the caller. */
export async function keepVote(
  { sql }: Tx,
  id: string,
  { option, by, chat }: GivenVote,
  settlesAt: number,
): Promise<boolean> {
  const mayChange = "state = 'open' AND (vote IS NULL OR vote ->> 'by' = ?)";
  const changed =
    option === undefined
      ? await sql(`UPDATE question SET vote = NULL, vote_at = NULL WHERE id = ? AND ${mayChange}`).run(id, by)
      : await sql(
          `UPDATE question SET vote = ?, vote_at = coalesce(vote_at, ?) WHERE id = ? AND ${mayChange}`,
        ).run(json({ option, by, chat }), settlesAt, id, by);
  return changed > 0;
}

/** Forgets a vote with what is said about it, where it is there still; inside a transaction of the caller. */
export async function endVote(tx: Tx, id: string, said: readonly NewOutboxItem[], at: number): Promise<void> {
  const voted = await tx
    .sql(
      "UPDATE question SET vote = NULL, vote_at = NULL WHERE id = ? AND vote_at IS NOT NULL RETURNING account",
    )
    .get(id);
  if (voted) await insertAll(tx, String(voted.account), said, at);
}
