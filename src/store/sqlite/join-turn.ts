import type { Claim, Held } from "../claim.js";
import type { JoiningTurn } from "../turns.js";
import type { Base } from "./statements.js";

/**
 * Puts a turn that waits into the running one of its session, see `TurnStore.join`; inside a transaction of the caller.
 * Which turn of the session comes next is for the caller to find out anew.
 */
export function joinTurn(
  { sql }: Base,
  claim: Claim,
  { turnId, rowIds, envelope, step }: JoiningTurn,
  at: number,
): { held: Held; sessionKey?: string } {
  const running = sql(
    "SELECT session_key, account FROM turn WHERE id = ? AND fence = ? AND state = 'running'",
  ).get(claim.id, claim.fence);
  if (!running) return { held: "lost" };
  const rowsOf = (id: string) =>
    sql("SELECT id FROM journal WHERE turn_id = ? AND decision = 'dispatch' ORDER BY id")
      .all(id)
      .map((row) => Number(row.id));
  if (rowIds.length === 0) return { held: "lost" };
  if (rowsOf(turnId).join() !== rowIds.join()) {
    const had = new Set(rowsOf(claim.id));
    return { held: rowIds.every((id) => had.has(id)) ? "ok" : "lost" };
  }
  const { changes } = sql(
    `UPDATE turn SET state = 'cancelled', ended_at = ?, notes = ?
     WHERE id = ? AND state = 'queued' AND session_key = ? AND account = ?`,
  ).run(at, JSON.stringify([`joined turn ${claim.id}`]), turnId, running.session_key!, running.account!);
  if (Number(changes) === 0) return { held: "lost" };
  sql("UPDATE turn SET envelope = ? WHERE id = ?").run(JSON.stringify(envelope), claim.id);
  sql(
    `UPDATE journal SET decision_json = json_insert(decision_json, '$.gates[#]', json(?))
     WHERE turn_id = ? AND decision = 'dispatch'`,
  ).run(JSON.stringify(step), turnId);
  sql("UPDATE journal SET turn_id = ? WHERE turn_id = ?").run(claim.id, turnId);
  return { held: "ok", sessionKey: String(running.session_key) };
}
