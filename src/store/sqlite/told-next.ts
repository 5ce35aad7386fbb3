import type { SqlValue } from "../../platform/index.js";
import { isOfSameChat, stillToTell } from "../rows/told.js";
import type { Base } from "./statements.js";

/** Earlier turns of a turn's session and conversation that left something to be told; see `TurnEnd.tellNext`. Oldest first. */
function earlier({ sql }: Base, seq: number): Record<string, SqlValue>[] {
  return sql(
    `SELECT earlier.seq, earlier.tell_next, earlier.envelope ->> '$.chat.guid' AS guid, own.envelope ->> '$.chat.guid' AS own_guid
     FROM turn AS own JOIN turn AS earlier ON earlier.session_key = own.session_key
     WHERE own.seq = ? AND earlier.tell_next IS NOT NULL AND earlier.seq < own.seq AND earlier.account = own.account
       AND earlier.envelope ->> '$.chat.target' = own.envelope ->> '$.chat.target' ORDER BY earlier.seq`,
  )
    .all(seq)
    .filter(isOfSameChat);
}

/** What the agent of a turn is told beside its envelope, oldest first. */
export function toldTo(base: Base, seq: number): string[] {
  return earlier(base, seq).map((row) => String(row.tell_next));
}

/** A turn is done: what its agent was told is not told again; what came since is. */
export function wasTold(base: Base, seq: number, told: readonly string[]): void {
  if (told.length === 0) return;
  const rest = base.sql("UPDATE turn SET tell_next = ? WHERE seq = ?");
  for (const row of earlier(base, seq)) rest.run(stillToTell(String(row.tell_next), told), row.seq!);
}
