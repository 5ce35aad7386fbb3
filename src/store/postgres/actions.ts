import type { ActionLog, ActionRecord, NewAction } from "../actions.js";
import type { NewOutboxItem } from "../outbox.js";
import { toRecord } from "../rows/action.js";
import { orNull } from "../rows/columns.js";
import { together } from "../rows/item.js";
import { insertAll } from "./insert-outbox.js";
import { mustRun } from "./running-turns.js";
import type { Base, Row, Tx } from "./statements.js";
import { json, jsonText } from "./words.js";

/** What was done in chats beside plain sends, so that nothing is done twice. */
export class PostgresActions implements ActionLog {
  constructor(private readonly base: Base) {}

  begin(
    action: NewAction,
    repeat: number,
    sends: NewOutboxItem[],
    at: number,
  ): Promise<{ id: number; items: number[]; earlier?: ActionRecord }> {
    const { account, turnId, run, key, askedBy, chat, name } = action;
    const parameters = jsonText(JSON.stringify(action.parameters));
    return this.base.write(sends.length > 0 ? ["outbox"] : [], async (tx) => {
      const { sql } = tx;
      if (turnId !== undefined && run !== undefined) await mustRun(tx, turnId, run);
      const row =
        key !== undefined
          ? await ofKey(tx, account, key)
          : turnId !== undefined &&
            (await sql(
              `SELECT * FROM action WHERE turn_id = ? AND name = ? AND parameters::text = (?::json)::text AND chat = ?
               ORDER BY repeat LIMIT 1 OFFSET ?`,
            ).get(turnId, name, parameters, chat, repeat));
      if (row) {
        const earlier = toRecord(row);
        const failed = key === undefined ? earlier.state === "failed" : await hasFailed(tx, earlier);
        if (!failed) return { id: earlier.id, items: earlier.items, earlier };
        const items = await insertAll(tx, account, together(sends), at);
        await sql(
          `UPDATE action SET state = 'running', began_at = ?, ended_at = NULL, facts = NULL, error = NULL, items = ?, chat = ?
           WHERE id = ?`,
        ).run(at, json(items), chat, earlier.id);
        return { id: earlier.id, items };
      }
      const items = await insertAll(tx, account, together(sends), at);
      // The number counts over all conversations: the same may be done in several of them.
      const added = await sql(
        `INSERT INTO action (account, turn_id, chat, name, parameters, repeat, state, began_at, items, key, asked_by)
         VALUES (?1, ?2, ?3, ?4, ?5, (SELECT count(*) FROM action
             WHERE turn_id = ?2 AND name = ?4 AND parameters::text = (?5::json)::text), 'running', ?6, ?7, ?8, ?9)
         RETURNING id`,
      ).get(
        ...[account, orNull(turnId), chat, name, parameters, at],
        ...[json(items), orNull(key), orNull(askedBy)],
      );
      return { id: Number(added!.id), items };
    });
  }

  end(
    id: number,
    end: Pick<ActionRecord, "facts" | "error"> & { state: "done" | "failed" | "unknown" },
    at: number,
  ): Promise<void> {
    return this.base.write([], async ({ sql }) => {
      await sql("UPDATE action SET state = ?, ended_at = ?, facts = ?, error = ? WHERE id = ?").run(
        end.state,
        at,
        json(end.facts),
        json(end.error),
        id,
      );
    });
  }

  async inChat(account: string, chat: string, name: string): Promise<ActionRecord[]> {
    const rows = await this.base
      .sql("SELECT * FROM action WHERE account = ? AND chat = ? AND name = ? ORDER BY id")
      .all(account, chat, name);
    return rows.map(toRecord);
  }

  async ofTurn(turnId: string): Promise<ActionRecord[]> {
    return (await this.base.sql("SELECT * FROM action WHERE turn_id = ? ORDER BY id").all(turnId)).map(
      toRecord,
    );
  }

  async askerOf(account: string, item: number): Promise<string | undefined> {
    const row = await this.base
      .sql(
        // The items of one action were added together: it is the one that begins last at or before this.
        `SELECT asked_by FROM (SELECT asked_by, items FROM action
           WHERE account = ?1 AND asked_by IS NOT NULL AND (items ->> 0)::bigint <= ?2
           ORDER BY (items ->> 0)::bigint DESC LIMIT 1) AS nearest
         WHERE ?2::bigint IN (SELECT value::bigint FROM json_array_elements_text(nearest.items))`,
      )
      .get(account, item);
    return row && String(row.asked_by);
  }

  async ofKey(account: string, key: string): Promise<ActionRecord | undefined> {
    const row = await ofKey(this.base, account, key);
    return row && toRecord(row);
  }
}

async function ofKey({ sql }: Tx, account: string, key: string): Promise<Row | undefined> {
  return sql("SELECT * FROM action WHERE account = ? AND key = ?").get(account, key);
}

/** Surely: a part that went, or may have, would go twice. */
async function hasFailed({ sql }: Tx, { state, items }: ActionRecord): Promise<boolean> {
  if (items.length === 0) return state === "failed";
  const row = await sql("SELECT count(*) AS count FROM outbox WHERE id = ANY(?) AND state = 'not_sent'").get(
    items,
  );
  return row!.count === items.length;
}
