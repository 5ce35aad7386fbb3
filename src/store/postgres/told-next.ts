import { stillToTell } from "../rows/told.js";
import type { Tx } from "./statements.js";

/** Earlier turns of a turn's session and conversation that left something to be told; see `TurnEnd.tellNext`. */
const earlier = `SELECT earlier.seq FROM turn AS own JOIN turn AS earlier ON earlier.session_key = own.session_key
  WHERE own.seq = ? AND earlier.tell_next IS NOT NULL AND earlier.seq < own.seq AND earlier.account = own.account
    AND earlier.envelope #>> '{chat,target}' = own.envelope #>> '{chat,target}'`;

/** What the agent of a turn is told beside its envelope, oldest first. */
export async function toldTo({ sql }: Tx, seq: number): Promise<string[]> {
  const rows = await sql(`SELECT tell_next FROM turn WHERE seq IN (${earlier}) ORDER BY seq`).all(seq);
  return rows.map((row) => String(row.tell_next));
}

/** A turn is done: what its agent was told is not told again; what came since is. */
export async function wasTold({ sql }: Tx, seq: number, told: readonly string[]): Promise<void> {
  if (told.length === 0) return;
  const rows = await sql(`SELECT seq, tell_next FROM turn WHERE seq IN (${earlier}) FOR UPDATE`).all(seq);
  for (const row of rows)
    await sql("UPDATE turn SET tell_next = ? WHERE seq = ?").run(
      stillToTell(String(row.tell_next), told),
      row.seq!,
    );
}
