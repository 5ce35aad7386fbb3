import type { Claim } from "../claim.js";
import { isFrom, mustBeRun, renewed, toTurn } from "../rows/turn.js";
import type { Turn, TurnOrigin } from "../turns.js";
import { type Base, isRunning } from "./statements.js";

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
  { from, but }: { from?: TurnOrigin | undefined; but?: string | undefined } = {},
): Promise<Turn[]> {
  const meant = sql("SELECT turn.* FROM session JOIN turn ON turn.id = session.running WHERE key = ?")
    .all(sessionKey)
    .map(toTurn)
    .filter((turn) => turn.id !== but && isFrom(turn, from));
  // Mostly nothing runs: that costs no commit.
  if (meant.length === 0) return [];
  return write(["turns"], () => {
    const ask = sql(`UPDATE turn SET cancel_at = coalesce(cancel_at, ?) WHERE id = ? AND ${isRunning}`);
    return meant.filter(({ id }) => ask.run(at, id).changes > 0);
  });
}

/** Asked inside the transaction that does something for a turn. @param run see `Turn.attempt` @throws `NO_TURN` */
export function mustRun({ sql }: Base, turnId: string, run: number): void {
  mustBeRun(sql("SELECT state, attempt, cancel_at FROM turn WHERE id = ?").get(turnId), run);
}
