import type { Claim } from "../claim.js";
import { isFrom, mustBeRun, renewed, toTurn } from "../rows/turn.js";
import type { Turn, TurnOrigin } from "../turns.js";
import type { Base } from "./statements.js";

/** What became of turns that a process runs, see `TurnStore.renew`. */
export function renewTurns({ sql }: Base, held: readonly Claim[]): { lost: string[]; cancel: string[] } {
  const find = sql("SELECT id, fence, state, cancel_at FROM turn WHERE id = ?");
  return renewed(
    held,
    held.map(({ id }) => find.get(id)).filter((row) => row !== undefined),
  );
}

/** Asks whoever runs a session's turn to end it, see `TurnStore.requestCancel`. */
export async function requestCancelOf(
  { sql, write }: Base,
  sessionKey: string,
  at: number,
  { node, from, but }: { node: string; from?: TurnOrigin | undefined; but?: string | undefined },
): Promise<Turn[]> {
  const find = () =>
    sql("SELECT turn.* FROM session JOIN turn ON turn.id = session.running WHERE key = ? AND turn.owner <> ?")
      .all(sessionKey, node)
      .map(toTurn)
      .filter((turn) => turn.id !== but && isFrom(turn, from));
  // Mostly nothing runs elsewhere: that costs no commit.
  if (find().length === 0) return [];
  return write(["turns"], () => {
    const meant = find();
    for (const { id } of meant)
      sql("UPDATE turn SET cancel_at = coalesce(cancel_at, ?) WHERE id = ?").run(at, id);
    return meant;
  });
}

/** Asked inside the transaction that does something for a turn. @param run see `Turn.attempt` @throws `NO_TURN` */
export function mustRun({ sql }: Base, turnId: string, run: number): void {
  mustBeRun(sql("SELECT state, attempt FROM turn WHERE id = ?").get(turnId), run);
}
