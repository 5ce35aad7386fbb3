import type { SqlValue } from "../../platform/index.js";
import type { HeldTurns } from "../turns.js";
import type { Base } from "./statements.js";

/**
 * The rank of a turn that is about to wait in a session. Turns go by rank, then by age: one of a conversation that has nothing
 * waiting comes right behind what runs, each further one a rank later, so conversations take turns and keep their own order
 * (behaviour 5.4). Inside a transaction of the caller.
 * @param place the conversation, with its account
 */
export function rankFor({ sql }: Base, sessionKey: string, place: string): number {
  const session = sql(
    `SELECT session.rank, turn.place AS running FROM session LEFT JOIN turn ON turn.id = session.running WHERE key = ?`,
  ).get(sessionKey);
  if (!session) return 0;
  const now = Number(session.rank) + (session.running === place ? 1 : 0);
  const last = sql(
    "SELECT rank FROM turn WHERE session_key = ? AND state = 'queued' AND place = ? ORDER BY rank DESC LIMIT 1",
  ).get(sessionKey, place);
  return last ? Math.max(now, Number(last.rank) + 1) : now;
}

/** The turn of a row of `session` that comes next. */
export const firstWaiting =
  "SELECT seq FROM turn WHERE session_key = session.key AND state = 'queued' ORDER BY rank, seq LIMIT 1";

/** Finds which waiting turn of a session comes next; inside a transaction of the caller. */
export function findHead({ sql }: Base, sessionKey: string): void {
  sql(`UPDATE session SET head = (${firstWaiting}) WHERE key = ?`).run(sessionKey);
}

/** Ends a session's run: its oldest waiting turn becomes its head. */
export function freeSession(base: Base, sessionKey: string): void {
  base.sql("UPDATE session SET running = NULL WHERE key = ?").run(sessionKey);
  findHead(base, sessionKey);
}

/** A session whose next turn could be taken: it does not wait for another turn of its person (behaviour 18.3b). */
const ready = `head IS NOT NULL AND running IS NULL AND NOT EXISTS (
  SELECT 1 FROM turn AS waiting JOIN turn AS other ON other.id = waiting.waits_for
  WHERE waiting.seq = session.head AND other.state IN ('queued', 'running'))`;

/** The turns that wait longest at the head of an idle session. @param held left where they are */
export function readyTurns(
  { sql }: Base,
  max: number,
  { agents, free, accounts = [] }: HeldTurns = { agents: [], free: [] },
): number[] {
  const rows =
    agents.length + accounts.length === 0
      ? sql(`SELECT head FROM session WHERE ${ready} ORDER BY head LIMIT ?`).all(max)
      : sql(
          `SELECT head FROM session JOIN turn ON turn.seq = session.head WHERE ${ready}
             AND (turn.agent_id NOT IN (SELECT value FROM json_each(?)) OR turn.id IN (SELECT value FROM json_each(?)))
             AND turn.account NOT IN (SELECT value FROM json_each(?))
           ORDER BY head LIMIT ?`,
        ).all(JSON.stringify(agents), JSON.stringify(free), JSON.stringify(accounts), max);
  return rows.map((row) => Number(row.head));
}

/** The turns of some agents at the head of an idle session, as rows, oldest first. */
export function headsOf({ sql }: Base, agents: readonly string[]): Record<string, SqlValue>[] {
  return sql(
    `SELECT turn.* FROM session JOIN turn ON turn.seq = session.head WHERE ${ready}
       AND turn.agent_id IN (SELECT value FROM json_each(?)) ORDER BY turn.seq`,
  ).all(JSON.stringify(agents));
}
