import type { Claim, Held } from "../claim.js";
import type { Errand, ErrandState, ErrandStore } from "../errands.js";
import { fromJson } from "../rows/columns.js";
import { held, holds } from "./accounts.js";
import type { Base, Row, Tx } from "./statements.js";
import { json } from "./words.js";

/** What an account's owner may take: nothing of a turn that does not run any more as it did when it asked. */
const due = `SELECT e.id FROM errand e JOIN turn t ON t.id = e.turn_id AND t.fence = e.fence AND t.state = 'running'
  WHERE e.account = ? AND (e.state = 'open' OR (e.state = 'taken' AND e.taken_by < ?)) ORDER BY e.id LIMIT ?`;

/** Errands in the table `errand`: they pass with their turn. */
export class PostgresErrands implements ErrandStore {
  constructor(private readonly base: Base) {}

  ask(claim: Claim, kind: string, parameters: unknown): Promise<number | "lost"> {
    return this.base.write(["errands"], async ({ sql }) => {
      const turn = await sql(
        "SELECT account FROM turn WHERE id = ? AND fence = ? AND state = 'running' FOR SHARE",
      ).get(claim.id, claim.fence);
      if (!turn) return "lost";
      const row = await sql(
        "INSERT INTO errand (account, turn_id, fence, kind, parameters, state) VALUES (?, ?, ?, ?, ?, 'open') RETURNING id",
      ).get(turn.account!, claim.id, claim.fence, kind, json(parameters));
      return Number(row!.id);
    });
  }

  async take(claim: Claim, max: number): Promise<Errand[]> {
    // Every answer is a hint too, and mostly nothing waits: that costs no commit.
    if (!(await this.base.sql(due).get(claim.id, claim.fence, 1))) return [];
    return this.base.write([], async (tx) => {
      if (!(await holds(tx, claim))) return [];
      const ids = await tx.sql(`${due} FOR UPDATE OF e SKIP LOCKED`).all(claim.id, claim.fence, max);
      const taken = await tx
        .sql(
          `UPDATE errand e SET state = 'taken', taken_by = ? FROM turn t WHERE t.id = e.turn_id AND e.id = ANY(?)
             RETURNING e.*, t.attempt AS run`,
        )
        .all(
          claim.fence,
          ids.map(({ id }) => id!),
        );
      return taken.map(toErrand).sort((one, other) => one.id - other.id);
    });
  }

  answer(claim: Claim, id: number, result: unknown): Promise<Held> {
    return this.base.write(["errands"], async ({ sql }) =>
      held(
        await sql(
          "UPDATE errand SET state = 'done', result = ? WHERE id = ? AND state = 'taken' AND taken_by = ?",
        ).run(json(result ?? null), id, claim.fence),
      ),
    );
  }

  withdraw(id: number): Promise<boolean> {
    return this.base.write([], async ({ sql }) => {
      return (await sql("DELETE FROM errand WHERE id = ? AND state = 'open'").run(id)) > 0;
    });
  }

  async look(id: number): Promise<ErrandState | undefined> {
    const row = await this.base.sql("SELECT state, result FROM errand WHERE id = ?").get(id);
    if (!row) return undefined;
    const state = row.state as ErrandState["state"];
    return state === "done" ? { state, result: fromJson(row.result) } : { state };
  }
}

/** What a turn asked passes with its run; inside a transaction of the caller. */
export async function dropErrands({ sql }: Tx, turnId: string): Promise<void> {
  await sql("DELETE FROM errand WHERE turn_id = ?").run(turnId);
}

function toErrand(row: Row): Errand {
  return {
    id: Number(row.id),
    account: String(row.account),
    turnId: String(row.turn_id),
    fence: Number(row.fence),
    run: Number(row.run),
    kind: String(row.kind),
    parameters: fromJson(row.parameters),
  };
}
