import { stillToTell } from "../rows/told.js";
import type { Base } from "./statements.js";

/** Earlier turns of a turn's session and conversation that left something to be told; see `TurnEnd.tellNext`. */
const earlier = `SELECT earlier.seq FROM turn AS own JOIN turn AS earlier ON earlier.session_key = own.session_key
  WHERE own.seq = ? AND earlier.tell_next IS NOT NULL AND earlier.seq < own.seq AND earlier.account = own.account
    AND earlier.envelope ->> '$.chat.target' = own.envelope ->> '$.chat.target'`;

/** What the agent of a turn is told beside its envelope, oldest first. */
export function toldTo({ sql }: Base, seq: number): string[] {
  return sql(`SELECT tell_next FROM turn WHERE seq IN (${earlier}) ORDER BY seq`)
    .all(seq)
    .map((row) => String(row.tell_next));
}

/** A turn is done: what its agent was told is not told again; what came since is. */
export function wasTold({ sql }: Base, seq: number, told: readonly string[]): void {
  if (told.length === 0) return;
  const rest = sql("UPDATE turn SET tell_next = ? WHERE seq = ?");
  for (const row of sql(`SELECT seq, tell_next FROM turn WHERE seq IN (${earlier})`).all(seq))
    rest.run(stillToTell(String(row.tell_next), told), row.seq!);
}
