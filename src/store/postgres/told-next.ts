import { isOfSameChat, stillToTell } from "../rows/told.js";
import type { Row, Tx } from "./statements.js";

/** Earlier turns of a turn's session and conversation that left something to be told; see `TurnEnd.tellNext`. Oldest first. */
async function earlier({ sql }: Tx, seq: number, lock = ""): Promise<Row[]> {
  const rows = await sql(
    `SELECT earlier.seq, earlier.tell_next, earlier.envelope #>> '{chat,guid}' AS guid, own.envelope #>> '{chat,guid}' AS own_guid
     FROM turn AS own JOIN turn AS earlier ON earlier.session_key = own.session_key
     WHERE own.seq = ? AND earlier.tell_next IS NOT NULL AND earlier.seq < own.seq AND earlier.account = own.account
       AND earlier.envelope #>> '{chat,target}' = own.envelope #>> '{chat,target}' ORDER BY earlier.seq ${lock}`,
  ).all(seq);
  return rows.filter(isOfSameChat);
}

/** What the agent of a turn is told beside its envelope, oldest first. */
export async function toldTo(tx: Tx, seq: number): Promise<string[]> {
  return (await earlier(tx, seq)).map((row) => String(row.tell_next));
}

/** A turn is done: what its agent was told is not told again; what came since is. */
export async function wasTold(tx: Tx, seq: number, told: readonly string[]): Promise<void> {
  if (told.length === 0) return;
  for (const row of await earlier(tx, seq, "FOR UPDATE OF earlier"))
    await tx
      .sql("UPDATE turn SET tell_next = ? WHERE seq = ?")
      .run(stillToTell(String(row.tell_next), told), row.seq!);
}
