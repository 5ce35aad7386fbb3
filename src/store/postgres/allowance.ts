import type {
  Admittance,
  AllowanceStore,
  Allowed,
  Beginning,
  CountedTurn,
  LimitAnswer,
} from "../allowance.js";
import type { Topic } from "../changes.js";
import type { Claim } from "../claim.js";
import { limitError, reachedBy, toCounted, type Used, usedIn } from "../rows/used.js";
import { insertAll, insertOutbox } from "./insert-outbox.js";
import { withGate } from "./join-turn.js";
import { freeSession } from "./session-head.js";
import type { Base, Row, Tx } from "./statements.js";
import { json } from "./words.js";

/** Turns of people counted by the day (behaviour 18.3b): a turn's own row is its count. */
export class PostgresAllowance implements AllowanceStore {
  constructor(private readonly base: Base) {}

  admit(claim: Claim, { day, people, answer }: Beginning, at: number): Promise<Admittance> {
    // A turn that runs, as nearly all do, makes nothing ready for others.
    const topics: Topic[] = [];
    return this.base.write(topics, async (tx) => {
      const { sql } = tx;
      const turn = await sql(
        "SELECT account, session_key, day FROM turn WHERE id = ? AND fence = ? AND state = 'running' FOR UPDATE",
      ).get(claim.id, claim.fence);
      if (!turn) return "lost";
      if (turn.day !== null) return "runs";
      const used: { person: Allowed; had: Used }[] = [];
      for (const person of people) used.push({ person, had: await usedBy(tx, person, day) });
      for (const { person, had } of used) {
        const reached = reachedBy(person, had);
        if (!reached) continue;
        topics.push("turns", "outbox");
        await refuse(tx, { id: claim.id, turn }, answer(reached), { person, day, at });
        return "refused";
      }
      const open = used.find(({ person, had }) => person.tokens !== undefined && had.open !== undefined);
      if (open) {
        topics.push("turns");
        await putBack(tx, claim.id, String(turn.session_key), open.had.open!);
        return "waits";
      }
      await sql("UPDATE turn SET day = ? WHERE id = ?").run(day, claim.id);
      for (const { handle } of people)
        await sql(
          "INSERT INTO turn_person (handle, day, turn_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        ).run(handle, day, claim.id);
      return "runs";
    });
  }

  async counted(since: string, handles?: readonly string[]): Promise<CountedTurn[]> {
    const turns = `SELECT day, agent_id, usage, envelope ->> 'listening' AS listening, CASE state WHEN 'done' THEN ended_at - queued_at END AS took,
        (SELECT json_agg(handle ORDER BY handle) FROM turn_person WHERE turn_id = turn.id) AS people FROM turn WHERE day >= ?1`;
    const ofPeople = "SELECT turn_id FROM turn_person WHERE handle = ANY(?2) AND day >= ?1";
    const rows =
      handles === undefined
        ? await this.base.sql(`${turns} ORDER BY day, seq`).all(since)
        : await this.base.sql(`${turns} AND id IN (${ofPeople}) ORDER BY day, seq`).all(since, handles);
    return rows.map(toCounted);
  }
}

async function usedBy({ sql }: Tx, { handles, turns, tokens }: Allowed, day: string): Promise<Used> {
  if (turns === undefined && tokens === undefined) return usedIn([]);
  return usedIn(
    await sql(
      `SELECT id, state, usage FROM turn WHERE envelope ->> 'listening' IS NULL
         AND id IN (SELECT turn_id FROM turn_person WHERE handle = ANY(?) AND day = ?)`,
    ).all(handles, day),
  );
}

/** The turn waits again, as if it had not been taken, until the other one has ended. */
async function putBack(tx: Tx, id: string, sessionKey: string, behind: string): Promise<void> {
  await tx
    .sql("UPDATE turn SET state = 'queued', owner = NULL, attempt = attempt - 1, waits_for = ? WHERE id = ?")
    .run(behind, id);
  await freeSession(tx, sessionKey);
}

async function refuse(
  tx: Tx,
  { id, turn: { account, session_key } }: { id: string; turn: Row },
  { refusal, step, reply, notices }: LimitAnswer,
  { person, day, at }: { person: Allowed; day: string; at: number },
): Promise<void> {
  const { sql } = tx;
  await sql("UPDATE turn SET state = 'cancelled', ended_at = ?, error = ? WHERE id = ?").run(
    at,
    json(limitError(refusal, step)),
    id,
  );
  const rows = await sql(
    `UPDATE journal SET state = 'done', decision = 'drop', reason = ?1, turn_id = NULL, decided_at = ?4,
       decision_json = ${withGate("((decision_json::jsonb - 'isOwner') || ?2::jsonb)", "?3")}
     WHERE turn_id = ?5 AND state = 'in_turn' RETURNING id`,
  ).all(refusal.reason, json({ ...refusal, kind: "drop" }), json(step), at, id);
  // What others said meanwhile is for the next turn of the chat.
  await sql("UPDATE journal SET turn_id = NULL WHERE turn_id = ?").run(id);
  await freeSession(tx, String(session_key));
  const told = "SELECT 1 FROM limit_told WHERE handle = ANY(?) AND day = ?";
  if (await sql(told).get(person.handles, day)) return;
  await sql("INSERT INTO limit_told (handle, day) VALUES (?, ?) ON CONFLICT DO NOTHING").run(
    person.handle,
    day,
  );
  const entryId = rows.length > 0 ? Math.max(...rows.map((row) => Number(row.id))) : undefined;
  if (reply) await insertOutbox(tx, String(account), reply, at, entryId === undefined ? {} : { entryId });
  await insertAll(tx, String(account), notices, at);
}
