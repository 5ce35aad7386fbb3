import type { BindingStore, ChatBinding, SessionSettings } from "../bindings.js";
import { toBinding } from "../rows/binding.js";
import { fromJson, orNull } from "../rows/columns.js";
import type { Base, Tx } from "./statements.js";
import { json } from "./words.js";

/** Conversations that were bound to a session from the chat, and what was set for sessions there. */
export class PostgresBindings implements BindingStore {
  constructor(private readonly base: Base) {}

  bind(binding: ChatBinding, settings: SessionSettings): Promise<void> {
    return this.base.write([], async (tx) => {
      await tx
        .sql(
          `INSERT INTO binding (account, chat_key, session_key, agent_id, created_at) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (account, chat_key) DO UPDATE SET session_key = excluded.session_key,
             agent_id = excluded.agent_id, created_at = excluded.created_at`,
        )
        .run(binding.account, binding.chatKey, binding.sessionKey, binding.agentId, binding.createdAt);
      await keepSettings(tx, binding.sessionKey, settings);
    });
  }

  unbind(account: string, chatKey: string): Promise<boolean> {
    return this.base.write([], async ({ sql }) => {
      const removed = await sql(
        "DELETE FROM binding WHERE account = ? AND chat_key = ? RETURNING session_key",
      ).get(account, chatKey);
      if (!removed) return false;
      await sql("DELETE FROM session_settings WHERE session_key = ?").run(removed.session_key!);
      await sql("UPDATE session SET memory = NULL, usage = NULL WHERE key = ?").run(removed.session_key!);
      return true;
    });
  }

  find(account: string, chatKeys: string[]): Promise<ChatBinding | undefined> {
    return findBinding(this.base, account, chatKeys);
  }

  async list(account?: string): Promise<ChatBinding[]> {
    const rows = await this.base
      .sql(
        "SELECT * FROM binding WHERE (?1::text IS NULL OR account = ?1) ORDER BY created_at, account, chat_key",
      )
      .all(orNull(account));
    return rows.map(toBinding);
  }

  async settings(sessionKey: string): Promise<SessionSettings> {
    const row = await this.base
      .sql("SELECT settings FROM session_settings WHERE session_key = ?")
      .get(sessionKey);
    return fromJson<SessionSettings>(row?.settings) ?? {};
  }

  setSettings(sessionKey: string, settings: SessionSettings): Promise<void> {
    return this.base.write([], (tx) => keepSettings(tx, sessionKey, settings));
  }
}

async function keepSettings({ sql }: Tx, sessionKey: string, settings: SessionSettings): Promise<void> {
  await sql(
    "INSERT INTO session_settings (session_key, settings) VALUES (?, ?) ON CONFLICT (session_key) DO UPDATE SET settings = excluded.settings",
  ).run(sessionKey, json(settings));
}

/** The binding of the first of these keys that has one. */
export async function findBinding(
  { sql }: Tx,
  account: string,
  chatKeys: readonly string[],
): Promise<ChatBinding | undefined> {
  const row = await sql(
    "SELECT * FROM binding WHERE account = ?1 AND chat_key = ANY(?2) ORDER BY array_position(?2::text[], chat_key) LIMIT 1",
  ).get(account, chatKeys);
  return row && toBinding(row);
}
