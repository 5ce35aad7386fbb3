import type { Claim, Held } from "../claim.js";
import type { JoiningTurn } from "../turns.js";
import type { Tx } from "./statements.js";
import { json } from "./words.js";

/**
 * Puts a turn that waits into the running one of its session, see `TurnStore.join`; inside a transaction of the caller.
 * Which turn of the session comes next is for the caller to find out anew.
 */
export async function joinTurn(
  { sql }: Tx,
  claim: Claim,
  { turnId, rowIds, envelope, step }: JoiningTurn,
  at: number,
): Promise<{ held: Held; sessionKey?: string }> {
  const running = await sql(
    "SELECT session_key, account FROM turn WHERE id = ? AND fence = ? AND state = 'running' FOR UPDATE",
  ).get(claim.id, claim.fence);
  if (!running) return { held: "lost" };
  const rowsOf = async (id: string) => {
    const rows = await sql(
      "SELECT id FROM journal WHERE turn_id = ? AND decision = 'dispatch' ORDER BY id",
    ).all(id);
    return rows.map((row) => Number(row.id));
  };
  if (rowIds.length === 0) return { held: "lost" };
  if ((await rowsOf(turnId)).join() !== rowIds.join()) {
    const had = new Set(await rowsOf(claim.id));
    return { held: rowIds.every((id) => had.has(id)) ? "ok" : "lost" };
  }
  const cancelled = await sql(
    `UPDATE turn SET state = 'cancelled', ended_at = ?, notes = ?
     WHERE id = ? AND state = 'queued' AND session_key = ? AND account = ?`,
  ).run(at, json([`joined turn ${claim.id}`]), turnId, running.session_key!, running.account!);
  if (cancelled === 0) return { held: "lost" };
  await sql("UPDATE turn SET envelope = ? WHERE id = ?").run(json(envelope), claim.id);
  await sql(
    `UPDATE journal SET decision_json = ${withGate("decision_json::jsonb", "?")} WHERE turn_id = ? AND decision = 'dispatch'`,
  ).run(json(step), turnId);
  await sql("UPDATE journal SET turn_id = ? WHERE turn_id = ?").run(claim.id, turnId);
  return { held: "ok", sessionKey: String(running.session_key) };
}

/** SQL: a decision with one more gate at its end. */
export function withGate(decision: string, step: string): string {
  return `jsonb_set(${decision}, '{gates}', coalesce(${decision} -> 'gates', '[]') || jsonb_build_array(${step}::jsonb))::json`;
}
