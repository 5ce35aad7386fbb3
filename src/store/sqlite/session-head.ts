import type { Base } from "./statements.js";

/** Finds which waiting turn of a session comes next; inside a transaction of the caller. */
export function findHead({ sql }: Base, sessionKey: string): void {
  const first = "SELECT min(seq) FROM turn WHERE session_key = session.key AND state = 'queued'";
  sql(`UPDATE session SET head = (${first}) WHERE key = ?`).run(sessionKey);
}

/** Ends a session's run: its oldest waiting turn becomes its head. */
export function freeSession(base: Base, sessionKey: string): void {
  base.sql("UPDATE session SET running = NULL WHERE key = ?").run(sessionKey);
  findHead(base, sessionKey);
}

/**
 * The turns that wait longest at the head of an idle session. One that waits for another turn of its person is left out while
 * that one has not ended (behaviour 18.3b).
 */
export function readyTurns({ sql }: Base, max: number): number[] {
  return sql(
    `SELECT head FROM session WHERE head IS NOT NULL AND running IS NULL AND NOT EXISTS (
       SELECT 1 FROM turn AS waiting JOIN turn AS other ON other.id = waiting.waits_for
       WHERE waiting.seq = session.head AND other.state IN ('queued', 'running'))
     ORDER BY head LIMIT ?`,
  )
    .all(max)
    .map((row) => Number(row.head));
}
