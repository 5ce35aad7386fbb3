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

const among = "IN (SELECT value FROM json_each(?))";

/**
 * Sessions where no turn runs, with the turn that comes next there: the head, or the first of the accounts that are not passed over,
 * where some are. It does not wait for another turn of its person (behaviour 18.3b).
 */
function idleSessions(unserved: readonly string[]): { from: string; ready: string; values: string[] } {
  const first = `SELECT seq FROM turn WHERE session_key = session.key AND state = 'queued' AND account NOT ${among} ORDER BY rank, seq LIMIT 1`;
  const isHead = unserved.length === 0;
  return {
    from: `session JOIN turn ON turn.seq = ${isHead ? "session.head" : `(${first})`}`,
    ready: `session.head IS NOT NULL AND session.running IS NULL
      AND NOT EXISTS (SELECT 1 FROM turn AS other WHERE other.id = turn.waits_for AND other.state IN ('queued', 'running'))`,
    values: isHead ? [] : [JSON.stringify(unserved)],
  };
}

/** What a session's next turn has to be, with the values of its conditions. */
function conditionsOf({ only, held, home }: TurnChoice): { sql: string; values: string[] } {
  const asked: [sql: string, ...values: (string | readonly string[])[]][] = [];
  const served = held?.accounts?.served ?? [];
  if (only) asked.push([`turn.agent_id ${among}`, only]);
  // Nobody has to be there for a turn that was ended before.
  if (held && held.agents.length > 0)
    asked.push([
      `(turn.agent_id NOT ${among} OR turn.id ${among} OR turn.cancel_at IS NOT NULL)`,
      ...[held.agents, held.free],
    ]);
  if (served.length > 0) asked.push([`turn.account NOT ${among}`, served]);
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

/** The turns that wait longest of those that come next in an idle session. */
export function readyTurns({ sql }: Base, max: number, choice: TurnChoice = {}): number[] {
  const { from, ready, values } = idleSessions(choice.held?.accounts?.unserved ?? []);
  const conditions = conditionsOf(choice);
  const rows = sql(
    `SELECT turn.seq FROM ${from} WHERE ${ready} ${conditions.sql} ORDER BY turn.seq LIMIT ?`,
  ).all(...values, ...conditions.values, max);
  return rows.map((row) => Number(row.seq));
}

/** The turns of some agents that come next in an idle session and that nobody ended, as rows, oldest first. @param unserved accounts that are passed over */
export function headsOf(
  { sql }: Base,
  agents: readonly string[],
  unserved: readonly string[] = [],
): Record<string, SqlValue>[] {
  const { from, ready, values } = idleSessions(unserved);
  return sql(
    `SELECT turn.* FROM ${from} WHERE ${ready} AND turn.cancel_at IS NULL AND turn.agent_id ${among} ORDER BY turn.seq`,
  ).all(...values, JSON.stringify(agents));
}
