import type { SqlValue } from "../../platform/index.js";
import type { TurnChoice } from "../turns.js";
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

const among = "IN (SELECT value FROM json_each(?))";

/** What a session's next turn has to be, with the values of its conditions. */
function conditionsOf({ only, held, home }: TurnChoice): { sql: string; values: string[] } {
  const asked: [sql: string, ...values: (string | readonly string[])[]][] = [];
  if (only) asked.push([`turn.agent_id ${among}`, only]);
  // Nobody has to be there for a turn that was ended before.
  if (held && held.agents.length > 0)
    asked.push([
      `(turn.agent_id NOT ${among} OR turn.id ${among} OR turn.cancel_at IS NOT NULL)`,
      ...[held.agents, held.free],
    ]);
  if (held?.accounts && held.accounts.length > 0) asked.push([`turn.account NOT ${among}`, held.accounts]);
  if (home && home.agents.length > 0)
    asked.push([
      `(session.home IS NULL OR session.home = ? OR turn.agent_id NOT ${among} OR turn.id ${among})`,
      ...[home.name, home.agents, home.free],
    ]);
  return {
    sql: asked.map(([sql]) => `AND ${sql}`).join(" "),
    values: asked.flatMap(([, ...values]) =>
      values.map((value) => (typeof value === "string" ? value : JSON.stringify(value))),
    ),
  };
}

/** The turns that wait longest at the head of an idle session. */
export function readyTurns({ sql }: Base, max: number, choice: TurnChoice = {}): number[] {
  const conditions = conditionsOf(choice);
  const from = conditions.sql === "" ? "session" : "session JOIN turn ON turn.seq = session.head";
  const rows = sql(`SELECT head FROM ${from} WHERE ${ready} ${conditions.sql} ORDER BY head LIMIT ?`).all(
    ...conditions.values,
    max,
  );
  return rows.map((row) => Number(row.head));
}

/** The turns of some agents at the head of an idle session that nobody ended, as rows, oldest first. */
export function headsOf({ sql }: Base, agents: readonly string[]): Record<string, SqlValue>[] {
  return sql(
    `SELECT turn.* FROM session JOIN turn ON turn.seq = session.head WHERE ${ready}
       AND turn.cancel_at IS NULL AND turn.agent_id IN (SELECT value FROM json_each(?)) ORDER BY turn.seq`,
  ).all(JSON.stringify(agents));
}
