import type { NewTurn, TurnChoice } from "../turns.js";
import type { Row, Tx, Value } from "./statements.js";
import { json } from "./words.js";

/**
 * The rank of a turn that is about to wait in a session. Turns go by rank, then by age: one of a conversation that has nothing
 * waiting comes right behind what runs, each further one a rank later, so conversations take turns and keep their own order
 * (behaviour 5.4). The session stays locked until the end of the transaction: numbers of turns are given before their commit, and
 * of two processes that open turns of one session the second one waits.
 * @param place the conversation, with its account
 */
async function rankFor({ sql }: Tx, sessionKey: string, place: string): Promise<number> {
  await sql("INSERT INTO session (key) VALUES (?) ON CONFLICT DO NOTHING").run(sessionKey);
  const session = (await sql(
    `SELECT session.rank, turn.place AS running FROM session LEFT JOIN turn ON turn.id = session.running
     WHERE key = ? FOR UPDATE OF session`,
  ).get(sessionKey))!;
  const now = Number(session.rank) + (session.running === place ? 1 : 0);
  const last = await sql(
    "SELECT rank FROM turn WHERE session_key = ? AND state = 'queued' AND place = ? ORDER BY rank DESC LIMIT 1",
  ).get(sessionKey, place);
  return last ? Math.max(now, Number(last.rank) + 1) : now;
}

/** Queues a turn; inside a transaction of the caller. */
export async function insertTurn(tx: Tx, turn: NewTurn, at: number): Promise<void> {
  const { id, account, sessionKey, agentId, envelope } = turn;
  const place = `${account} ${envelope.chat.target}`;
  const rank = await rankFor(tx, sessionKey, place);
  await tx
    .sql(
      `INSERT INTO turn (id, account, session_key, agent_id, state, queued_at, envelope, place, rank)
       VALUES (?, ?, ?, ?, 'queued', ?, ?, ?, ?)`,
    )
    .run(id, account, sessionKey, agentId, at, json(envelope), place, rank);
  await findHead(tx, sessionKey);
}

/** The turn of a row of `session` that comes next. */
export const firstWaiting =
  "SELECT seq FROM turn WHERE session_key = session.key AND state = 'queued' ORDER BY turn.rank, seq LIMIT 1";

/** Finds which waiting turn of a session comes next; inside a transaction of the caller. */
export async function findHead({ sql }: Tx, sessionKey: string): Promise<void> {
  await sql(`UPDATE session SET head = (${firstWaiting}) WHERE key = ?`).run(sessionKey);
}

/** Ends a session's run: its oldest waiting turn becomes its head. */
export async function freeSession({ sql }: Tx, sessionKey: string): Promise<void> {
  await sql(`UPDATE session SET running = NULL, head = (${firstWaiting}) WHERE key = ?`).run(sessionKey);
}

/**
 * Sessions where no turn runs, with the turn that comes next there: the head, or the first of the accounts that are not passed over,
 * where some are. It does not wait for another turn of its person (behaviour 18.3b).
 */
function idleSessions(unserved: readonly string[]): { from: string; ready: string; values: Value[] } {
  const first = `SELECT * FROM turn WHERE session_key = session.key AND state = 'queued' AND account <> ALL(?) ORDER BY rank, seq LIMIT 1`;
  const isHead = unserved.length === 0;
  return {
    from: isHead
      ? "session JOIN turn ON turn.seq = session.head"
      : `session CROSS JOIN LATERAL (${first}) AS turn`,
    ready: `session.head IS NOT NULL AND session.running IS NULL
      AND NOT EXISTS (SELECT 1 FROM turn AS other WHERE other.id = turn.waits_for AND other.state IN ('queued', 'running'))`,
    values: isHead ? [] : [unserved],
  };
}

/** What a session's next turn has to be, with the values of its conditions. */
function conditionsOf({ only, held, home }: TurnChoice): { sql: string; values: Value[] } {
  const asked: [sql: string, values: Value[]][] = [];
  const served = held?.accounts?.served ?? [];
  if (only) asked.push(["turn.agent_id = ANY(?)", [only]]);
  // Nobody has to be there for a turn that was ended before.
  if (held && held.agents.length > 0)
    asked.push([
      "(turn.agent_id <> ALL(?) OR turn.id = ANY(?) OR turn.cancel_at IS NOT NULL)",
      [held.agents, held.free],
    ]);
  if (served.length > 0) asked.push(["turn.account <> ALL(?)", [served]]);
  if (home && home.agents.length > 0)
    asked.push([
      "(session.home IS NULL OR session.home = ? OR turn.agent_id <> ALL(?) OR turn.id = ANY(?))",
      [home.name, home.agents, home.free],
    ]);
  return {
    sql: asked.map(([sql]) => `AND ${sql}`).join(" "),
    values: asked.flatMap(([, values]) => values),
  };
}

/**
 * The turns that wait longest of those that come next in an idle session.
 * @param how `take`: their sessions are the caller's until the end of its transaction, and those that others are taking are passed over
 */
export async function readyTurns(
  { sql }: Tx,
  max: number,
  choice: TurnChoice = {},
  how: "look" | "take" = "look",
): Promise<number[]> {
  const lock = how === "take" ? "FOR UPDATE OF session SKIP LOCKED" : "";
  const { from, ready, values } = idleSessions(choice.held?.accounts?.unserved ?? []);
  const conditions = conditionsOf(choice);
  const rows = await sql(
    `SELECT turn.seq FROM ${from} WHERE ${ready} ${conditions.sql} ORDER BY turn.seq LIMIT ? ${lock}`,
  ).all(...values, ...conditions.values, max);
  return rows.map((row) => Number(row.seq));
}

/** The turns of some agents that come next in an idle session and that nobody ended, as rows, oldest first. @param unserved accounts that are passed over */
export async function headsOf(
  { sql }: Tx,
  agents: readonly string[],
  unserved: readonly string[] = [],
): Promise<Row[]> {
  const { from, ready, values } = idleSessions(unserved);
  return sql(
    `SELECT turn.* FROM ${from} WHERE ${ready} AND turn.cancel_at IS NULL AND turn.agent_id = ANY(?) ORDER BY turn.seq`,
  ).all(...values, agents);
}
