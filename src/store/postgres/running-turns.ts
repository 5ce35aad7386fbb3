import type { Claim } from "../claim.js";
import { isFrom, mustBeRun, renewed, toTurn } from "../rows/turn.js";
import type { Turn, TurnOrigin } from "../turns.js";
import type { Base, Tx } from "./statements.js";

/** What became of turns that a process runs, see `TurnStore.renew`. */
export async function renewTurns(
  { sql }: Base,
  held: readonly Claim[],
): Promise<{ lost: string[]; cancel: string[] }> {
  const find = "SELECT id, fence, state, cancel_at FROM turn WHERE id = ANY(?)";
  return renewed(held, await sql(find).all(held.map(({ id }) => id)));
}

/** Asks whoever runs a session's turn to end it, see `TurnStore.requestCancel`. */
export async function requestCancelOf(
  base: Base,
  sessionKey: string,
  at: number,
  { from, but }: { from?: TurnOrigin | undefined; but?: string | undefined } = {},
): Promise<Turn[]> {
  const running = "SELECT turn.* FROM session JOIN turn ON turn.id = session.running WHERE key = ?";
  const meant = (await base.sql(running).all(sessionKey))
    .map(toTurn)
    .filter((turn) => turn.id !== but && isFrom(turn, from));
  // Mostly nothing runs: that costs no commit.
  if (meant.length === 0) return [];
  return base.write(["turns"], async ({ sql }) => {
    const asked = await sql(
      "UPDATE turn SET cancel_at = coalesce(cancel_at, ?) WHERE id = ANY(?) AND state = 'running' RETURNING *",
    ).all(
      at,
      meant.map(({ id }) => id),
    );
    return asked.map(toTurn);
  });
}

/** Asked inside the transaction that does something for a turn. @param run see `Turn.attempt` @throws `NO_TURN` */
export async function mustRun({ sql }: Tx, turnId: string, run: number): Promise<void> {
  const find = "SELECT state, attempt, cancel_at FROM turn WHERE id = ? FOR SHARE";
  mustBeRun(await sql(find).get(turnId), run);
}
