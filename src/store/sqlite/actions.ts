import type { SqlValue } from "../../platform/index.js";
import type { ActionLog, ActionRecord, NewAction } from "../actions.js";
import type { NewOutboxItem } from "../outbox.js";
import { toRecord } from "../rows/action.js";
import { orNull } from "../rows/columns.js";
import { together } from "../rows/item.js";
import { insertOutbox } from "./insert-outbox.js";
import { mustRun } from "./running-turns.js";
import type { Base } from "./statements.js";

/** What was done in chats beside plain sends, so that nothing is done twice. */
export class SqliteActions implements ActionLog {
  constructor(private readonly base: Base) {}

  begin(
    action: NewAction,
    repeat: number,
    sends: NewOutboxItem[],
    at: number,
  ): Promise<{ id: number; items: number[]; earlier?: ActionRecord }> {
    const { sql, write, writeToDisk } = this.base;
    const { account, turnId, run, key, askedBy, chat, name } = action;
    const parameters = JSON.stringify(action.parameters);
    // A send is forced to the disk when it is taken; anything else is done right after this, and must not be forgotten.
    const [commit, topics] = sends.length > 0 ? [write, ["outbox"] as const] : [writeToDisk, []];
    return commit(topics, () => {
      if (turnId !== undefined && run !== undefined) mustRun(this.base, turnId, run);
      const send = () => together(sends).map((item) => insertOutbox(this.base, account, item, at));
      const row =
        key !== undefined
          ? this.#ofKey(account, key)
          : turnId !== undefined &&
            sql(
              `SELECT * FROM action WHERE turn_id = ? AND name = ? AND parameters = ? AND chat = ?
               ORDER BY repeat LIMIT 1 OFFSET ?`,
            ).get(turnId, name, parameters, chat, repeat);
      if (row) {
        const earlier = toRecord(row);
        const failed = key === undefined ? earlier.state === "failed" : this.#hasFailed(earlier);
        if (!failed) return { id: earlier.id, items: earlier.items, earlier };
        const items = send();
        sql(
          `UPDATE action SET state = 'running', began_at = ?, ended_at = NULL, facts = NULL, error = NULL, items = ?, chat = ?
           WHERE id = ?`,
        ).run(at, JSON.stringify(items), chat, earlier.id);
        return { id: earlier.id, items };
      }
      const items = send();
      // The number counts over all conversations: the same may be done in several of them.
      const { lastInsertRowid } = sql(
        `INSERT INTO action (account, turn_id, chat, name, parameters, repeat, state, began_at, items, key, asked_by)
         SELECT ?1, ?2, ?3, ?4, ?5, count(*), 'running', ?6, ?7, ?8, ?9
         FROM action WHERE turn_id = ?2 AND name = ?4 AND parameters = ?5`,
      ).run(
        ...[account, orNull(turnId), chat, name, parameters, at],
        ...[JSON.stringify(items), orNull(key), orNull(askedBy)],
      );
      return { id: Number(lastInsertRowid), items };
    });
  }

  end(
    id: number,
    end: Pick<ActionRecord, "facts" | "error"> & { state: "done" | "failed" | "unknown" },
    at: number,
  ): Promise<void> {
    return this.base.write([], () => {
      this.base
        .sql("UPDATE action SET state = ?, ended_at = ?, facts = ?, error = ? WHERE id = ?")
        .run(
          end.state,
          at,
          end.facts ? JSON.stringify(end.facts) : null,
          end.error ? JSON.stringify(end.error) : null,
          id,
        );
    });
  }

  async inChat(account: string, chat: string, name: string): Promise<ActionRecord[]> {
    return this.base
      .sql("SELECT * FROM action WHERE account = ? AND chat = ? AND name = ? ORDER BY id")
      .all(account, chat, name)
      .map(toRecord);
  }

  async ofTurn(turnId: string): Promise<ActionRecord[]> {
    return this.base.sql("SELECT * FROM action WHERE turn_id = ? ORDER BY id").all(turnId).map(toRecord);
  }

  async askerOf(account: string, item: number): Promise<string | undefined> {
    const row = this.base
      .sql(
        // The items of one action were added together: it is the one that begins last at or before this.
        `SELECT asked_by FROM (SELECT asked_by, items FROM action WHERE account = ?1 AND asked_by IS NOT NULL AND items ->> 0 <= ?2
           ORDER BY items ->> 0 DESC LIMIT 1) AS nearest
         WHERE EXISTS (SELECT 1 FROM json_each(nearest.items) WHERE value = ?2)`,
      )
      .get(account, item);
    return row && String(row.asked_by);
  }

  async ofKey(account: string, key: string): Promise<ActionRecord | undefined> {
    const row = this.#ofKey(account, key);
    return row && toRecord(row);
  }

  #ofKey(account: string, key: string): Record<string, SqlValue> | undefined {
    return this.base.sql("SELECT * FROM action WHERE account = ? AND key = ?").get(account, key);
  }

  /** Surely: a part that went, or may have, would go twice. */
  #hasFailed({ state, items }: ActionRecord): boolean {
    if (items.length === 0) return state === "failed";
    const { count } = this.base
      .sql(
        "SELECT count(*) AS count FROM outbox WHERE id IN (SELECT value FROM json_each(?)) AND state = 'not_sent'",
      )
      .get(JSON.stringify(items))!;
    return Number(count) === items.length;
  }
}
