import type { GroupSessionStore, KeyMove } from "../group-sessions.js";
import { firstWaiting } from "./session-head.js";
import type { Base, Tx } from "./statements.js";

/** Sessions of groups by the account that they belong to. */
export class PostgresGroupSessions implements GroupSessionStore {
  constructor(private readonly base: Base) {}

  async keysOf(account: string): Promise<string[]> {
    const rows = await this.base
      .sql(
        `SELECT key FROM session WHERE account = ?1
         UNION SELECT session_key FROM turn WHERE account = ?1 AND state IN ('queued', 'running')
         UNION SELECT session_key FROM schedule WHERE account = ?1 AND ended_at IS NULL ORDER BY 1`,
      )
      .all(account);
    return rows.map(({ key }) => String(key));
  }

  move(account: string, moves: readonly KeyMove[]): Promise<void> {
    return this.base.write(["turns"], async (tx) => {
      for (const { from, to } of moves) await move(tx, account, from, to);
    });
  }

  forgetMixed(): Promise<string[]> {
    return this.base.write([], async ({ sql }) => {
      const mixed = await sql(
        "UPDATE session SET memory = NULL, usage = NULL, account = NULL WHERE account = '' RETURNING key",
      ).all();
      const keys = mixed.map(({ key }) => String(key));
      await sql("DELETE FROM session_settings WHERE session_key = ANY(?)").run(keys);
      return keys;
    });
  }
}

async function move(tx: Tx, account: string, from: string, to: string): Promise<void> {
  const { sql } = tx;
  const moved = await sql(
    `UPDATE turn SET session_key = ?1, envelope = jsonb_set(envelope::jsonb, '{sessionKey}', to_jsonb(?1::text))::json
     WHERE session_key = ?2 AND account = ?3 AND state IN ('queued', 'running')`,
  ).run(to, from, account);
  await sql("UPDATE schedule SET session_key = ? WHERE session_key = ? AND account = ?").run(
    to,
    from,
    account,
  );
  const comesAlong = await sql("SELECT 1 FROM session WHERE key = ? AND account = ? FOR UPDATE").get(
    from,
    account,
  );
  if (comesAlong || moved > 0)
    await sql("INSERT INTO session (key) VALUES (?) ON CONFLICT DO NOTHING").run(to);
  if (comesAlong) {
    await takeSession(tx, to, account);
    await sql(
      `UPDATE session SET memory = old.memory, usage = old.usage
       FROM (SELECT memory, usage FROM session WHERE key = ?) AS old WHERE session.key = ? AND session.memory IS NULL`,
    ).run(from, to);
    await sql(
      `UPDATE session_settings SET session_key = ?1 WHERE session_key = ?2
         AND NOT EXISTS (SELECT 1 FROM session_settings WHERE session_key = ?1)`,
    ).run(to, from);
    await sql("DELETE FROM session_settings WHERE session_key = ?").run(from);
    await sql("UPDATE session SET memory = NULL, usage = NULL, account = NULL WHERE key = ?").run(from);
  }
  await sql(
    `UPDATE session SET
       running = (SELECT id FROM turn WHERE session_key = session.key AND state = 'running'),
       head = (${firstWaiting})
     WHERE key = ANY(?)`,
  ).run([from, to]);
}

/**
 * Makes a session one of an account; inside a transaction of the caller. What it remembers of another one is forgotten:
 * when another account becomes the default one, its group has the key that a group of the earlier one had.
 */
export async function takeSession({ sql }: Tx, key: string, account: string): Promise<void> {
  const taken = await sql(
    "UPDATE session SET account = ?1, memory = NULL, usage = NULL WHERE key = ?2 AND account <> ?1",
  ).run(account, key);
  if (taken > 0) await sql("DELETE FROM session_settings WHERE session_key = ?").run(key);
  await sql("UPDATE session SET account = ? WHERE key = ? AND account IS NULL").run(account, key);
}
