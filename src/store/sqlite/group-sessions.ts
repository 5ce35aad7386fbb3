import type { GroupSessionStore, KeyMove } from "../group-sessions.js";
import { firstWaiting } from "./session-head.js";
import { type Base, isRunning } from "./statements.js";

/** Sessions of groups by the account that they belong to. */
export class SqliteGroupSessions implements GroupSessionStore {
  constructor(private readonly base: Base) {}

  async keysOf(account: string): Promise<string[]> {
    return this.base
      .sql(
        `SELECT key FROM session WHERE account = ?1
         UNION SELECT session_key FROM turn WHERE +account = ?1 AND state IN ('queued', 'running')
         UNION SELECT session_key FROM schedule WHERE account = ?1 AND ended_at IS NULL`,
      )
      .all(account)
      .map(({ key }) => String(key));
  }

  move(account: string, moves: readonly KeyMove[]): Promise<void> {
    return this.base.write(["turns"], () => {
      for (const { from, to } of moves) this.#move(account, from, to);
    });
  }

  forgetMixed(): Promise<string[]> {
    const { sql, write } = this.base;
    return write([], () => {
      const mixed = sql(
        "UPDATE session SET memory = NULL, usage = NULL, account = NULL WHERE account = '' RETURNING key",
      ).all();
      for (const { key } of mixed) sql("DELETE FROM session_settings WHERE session_key = ?").run(key!);
      return mixed.map(({ key }) => String(key));
    });
  }

  #move(account: string, from: string, to: string): void {
    const { sql } = this.base;
    const { changes } = sql(
      `UPDATE turn SET session_key = ?, envelope = json_set(envelope, '$.sessionKey', ?)
       WHERE session_key = ? AND +account = ? AND state IN ('queued', 'running')`,
    ).run(to, to, from, account);
    sql("UPDATE schedule SET session_key = ? WHERE session_key = ? AND account = ?").run(to, from, account);
    const own = sql("SELECT 1 FROM session WHERE key = ? AND account = ?");
    const comesAlong = own.get(from, account) !== undefined;
    if (comesAlong || Number(changes) > 0) sql("INSERT OR IGNORE INTO session (key) VALUES (?)").run(to);
    if (comesAlong) {
      takeSession(this.base, to, account);
      sql(
        `UPDATE session SET memory = old.memory, usage = old.usage
         FROM (SELECT memory, usage FROM session WHERE key = ?) AS old WHERE session.key = ? AND session.memory IS NULL`,
      ).run(from, to);
      sql("UPDATE OR IGNORE session_settings SET session_key = ? WHERE session_key = ?").run(to, from);
      sql("DELETE FROM session_settings WHERE session_key = ?").run(from);
      sql("UPDATE session SET memory = NULL, usage = NULL, account = NULL WHERE key = ?").run(from);
    }
    const order = sql(
      `UPDATE session SET
         running = (SELECT id FROM turn WHERE session_key = session.key AND ${isRunning}),
         head = (${firstWaiting})
       WHERE key = ?`,
    );
    for (const key of [from, to]) order.run(key);
  }
}

/**
 * Makes a session one of an account; inside a transaction of the caller. What it remembers of another one is forgotten:
 * when another account becomes the default one, its group has the key that a group of the earlier one had.
 */
export function takeSession({ sql }: Base, key: string, account: string): void {
  const { changes } = sql(
    "UPDATE session SET account = ?1, memory = NULL, usage = NULL WHERE key = ?2 AND account <> ?1",
  ).run(account, key);
  if (Number(changes) > 0) sql("DELETE FROM session_settings WHERE session_key = ?").run(key);
  sql("UPDATE session SET account = ? WHERE key = ? AND account IS NULL").run(account, key);
}
