import type { SqlValue } from "../../platform/index.js";
import type { ActionLog, ActionRecord } from "../actions.js";
import { type Base, fromJson, orNull } from "./statements.js";

/** What was done in chats beside plain sends, so that nothing is done twice. */
export class SqliteActions implements ActionLog {
  constructor(private readonly base: Base) {}

  begin(
    action: Pick<ActionRecord, "account" | "turnId" | "chat" | "name" | "parameters">,
    repeat: number,
    at: number,
  ): Promise<{ id: number; earlier?: ActionRecord }> {
    const { sql, write } = this.base;
    const { account, turnId, chat, name } = action;
    const parameters = JSON.stringify(action.parameters);
    return write([], () => {
      const row =
        turnId !== undefined &&
        sql("SELECT * FROM action WHERE turn_id = ? AND name = ? AND parameters = ? AND repeat = ?").get(
          turnId,
          name,
          parameters,
          repeat,
        );
      if (row) {
        const earlier = toRecord(row);
        if (earlier.state !== "failed") return { id: earlier.id, earlier };
        sql(
          "UPDATE action SET state = 'running', began_at = ?, ended_at = NULL, error = NULL WHERE id = ?",
        ).run(at, earlier.id);
        return { id: earlier.id };
      }
      const { lastInsertRowid } = sql(
        `INSERT INTO action (account, turn_id, chat, name, parameters, repeat, state, began_at)
         VALUES (?, ?, ?, ?, ?, ?, 'running', ?)`,
      ).run(account, orNull(turnId), chat, name, parameters, repeat, at);
      return { id: Number(lastInsertRowid) };
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

  ofTurn(turnId: string): ActionRecord[] {
    return this.base.sql("SELECT * FROM action WHERE turn_id = ? ORDER BY id").all(turnId).map(toRecord);
  }
}

function toRecord(row: Record<string, SqlValue>): ActionRecord {
  const optional: [keyof ActionRecord, unknown][] = [
    ["turnId", row.turn_id],
    ["endedAt", row.ended_at],
    ["facts", fromJson(row.facts) ?? null],
    ["error", fromJson(row.error) ?? null],
  ];
  return {
    id: Number(row.id),
    account: String(row.account),
    chat: String(row.chat),
    name: String(row.name),
    parameters: JSON.parse(String(row.parameters)) as Record<string, unknown>,
    state: row.state as ActionRecord["state"],
    beganAt: Number(row.began_at),
    ...Object.fromEntries(optional.filter(([, value]) => value !== null)),
  };
}
