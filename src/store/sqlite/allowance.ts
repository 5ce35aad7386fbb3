import type { SqlValue } from "../../platform/index.js";
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
import { insertOutbox } from "./insert-outbox.js";
import { freeSession } from "./session-head.js";
import type { Base } from "./statements.js";

/** Turns of people counted by the day (behaviour 18.3b): a turn's own row is its count. */
export class SqliteAllowance implements AllowanceStore {
  constructor(private readonly base: Base) {}

  admit(claim: Claim, { day, people, answer }: Beginning, at: number): Promise<Admittance> {
    const { sql, write } = this.base;
    // A turn that runs, as nearly all do, makes nothing ready for others.
    const topics: Topic[] = [];
    return write(topics, () => {
      const turn = sql(
        "SELECT account, session_key, day FROM turn WHERE id = ? AND fence = ? AND state = 'running'",
      ).get(claim.id, claim.fence);
      if (!turn) return "lost";
      if (turn.day !== null) return "runs";
      const used = people.map((person) => ({ person, had: this.#usedBy(person, day) }));
      for (const { person, had } of used) {
        const reached = reachedBy(person, had);
        if (!reached) continue;
        topics.push("turns", "outbox");
        this.#refuse(claim.id, turn, { ...answer(reached) }, { person, day, at });
        return "refused";
      }
      const open = used.find(({ person, had }) => person.tokens !== undefined && had.open !== undefined);
      if (open) {
        topics.push("turns");
        this.#putBack(claim.id, String(turn.session_key), open.had.open!);
        return "waits";
      }
      sql("UPDATE turn SET day = ? WHERE id = ?").run(day, claim.id);
      for (const { handle } of people)
        sql("INSERT OR IGNORE INTO turn_person (handle, day, turn_id) VALUES (?, ?, ?)").run(
          handle,
          day,
          claim.id,
        );
      return "runs";
    });
  }

  async counted(since: string, handles?: readonly string[]): Promise<CountedTurn[]> {
    const { sql } = this.base;
    const turns = `SELECT day, agent_id, usage, envelope ->> '$.listening' AS listening, CASE state WHEN 'done' THEN ended_at - queued_at END AS took, (SELECT json_group_array(handle) FROM turn_person WHERE turn_id = turn.id) AS people
      FROM turn WHERE`;
    const ofPeople =
      "SELECT turn_id FROM turn_person WHERE handle IN (SELECT value FROM json_each(?2)) AND day >= ?1";
    const rows =
      handles === undefined
        ? sql(`${turns} day >= ? ORDER BY day, seq`).all(since)
        : sql(`${turns} +day >= ?1 AND id IN (${ofPeople}) ORDER BY day, seq`).all(
            since,
            JSON.stringify(handles),
          );
    return rows.map(toCounted);
  }

  #usedBy({ handles, turns, tokens }: Allowed, day: string): Used {
    if (turns === undefined && tokens === undefined) return usedIn([]);
    return usedIn(
      this.base
        .sql(
          `SELECT id, state, usage FROM turn WHERE envelope ->> '$.listening' IS NULL AND id IN (
             SELECT turn_id FROM turn_person WHERE handle IN (SELECT value FROM json_each(?)) AND day = ?)`,
        )
        .all(JSON.stringify(handles), day),
    );
  }

  /** The turn waits again, as if it had not been taken, until the other one has ended. */
  #putBack(id: string, sessionKey: string, behind: string): void {
    this.base
      .sql(
        "UPDATE turn SET state = 'queued', owner = NULL, attempt = attempt - 1, waits_for = ? WHERE id = ?",
      )
      .run(behind, id);
    freeSession(this.base, sessionKey);
  }

  #refuse(
    id: string,
    { account, session_key }: Record<string, SqlValue>,
    { refusal, step, reply, notices }: LimitAnswer,
    { person, day, at }: { person: Allowed; day: string; at: number },
  ): void {
    const { base } = this;
    const { sql } = base;
    sql("UPDATE turn SET state = 'cancelled', ended_at = ?, error = ? WHERE id = ?").run(
      at,
      JSON.stringify(limitError(refusal, step)),
      id,
    );
    const rows = sql(
      `UPDATE journal SET state = 'done', decision = 'drop', reason = ?1, turn_id = NULL, decided_at = ?4,
         decision_json = json_insert(json_patch(json_remove(decision_json, '$.isOwner'), ?2), '$.gates[#]', json(?3))
       WHERE turn_id = ?5 AND state = 'in_turn' RETURNING id`,
    ).all(refusal.reason, JSON.stringify({ ...refusal, kind: "drop" }), JSON.stringify(step), at, id);
    // What others said meanwhile is for the next turn of the chat.
    sql("UPDATE journal SET turn_id = NULL WHERE turn_id = ?").run(id);
    freeSession(base, String(session_key));
    if (this.#wasTold(person, day)) return;
    sql("INSERT OR IGNORE INTO limit_told (handle, day) VALUES (?, ?)").run(person.handle, day);
    const entryId = rows.length > 0 ? Math.max(...rows.map((row) => Number(row.id))) : undefined;
    if (reply) insertOutbox(base, String(account), reply, at, entryId === undefined ? {} : { entryId });
    for (const notice of notices) insertOutbox(base, String(account), notice, at);
  }

  #wasTold({ handles }: Allowed, day: string): boolean {
    const told = "SELECT 1 FROM limit_told WHERE handle IN (SELECT value FROM json_each(?)) AND day = ?";
    return this.base.sql(told).get(JSON.stringify(handles), day) !== undefined;
  }
}
