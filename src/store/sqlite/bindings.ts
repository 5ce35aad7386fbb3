import type { BindingStore, ChatBinding, SessionSettings } from "../bindings.js";
import { toBinding } from "../rows/binding.js";
import { fromJson, orNull } from "../rows/columns.js";
import type { Base } from "./statements.js";

/** Conversations that were bound to a session from the chat, and what was set for sessions there. */
export class SqliteBindings implements BindingStore {
  constructor(private readonly base: Base) {}

  bind(binding: ChatBinding, settings: SessionSettings): Promise<void> {
    const { sql, write } = this.base;
    return write([], () => {
      sql(
        `INSERT INTO binding (account, chat_key, session_key, agent_id, created_at) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (account, chat_key) DO UPDATE SET session_key = excluded.session_key,
           agent_id = excluded.agent_id, created_at = excluded.created_at`,
      ).run(binding.account, binding.chatKey, binding.sessionKey, binding.agentId, binding.createdAt);
      this.#keep(binding.sessionKey, settings);
    });
  }

  unbind(account: string, chatKey: string): Promise<boolean> {
    const { sql, write } = this.base;
    return write([], () => {
      const removed = sql("DELETE FROM binding WHERE account = ? AND chat_key = ? RETURNING session_key").get(
        account,
        chatKey,
      );
      if (!removed) return false;
      sql("DELETE FROM session_settings WHERE session_key = ?").run(removed.session_key!);
      sql("UPDATE session SET memory = NULL, usage = NULL WHERE key = ?").run(removed.session_key!);
      return true;
    });
  }

  async find(account: string, chatKeys: string[]): Promise<ChatBinding | undefined> {
    return findBinding(this.base, account, chatKeys);
  }

  async list(account?: string): Promise<ChatBinding[]> {
    return this.base
      .sql("SELECT * FROM binding WHERE (? IS NULL OR account = ?) ORDER BY created_at")
      .all(orNull(account), orNull(account))
      .map(toBinding);
  }

  async settings(sessionKey: string): Promise<SessionSettings> {
    const row = this.base.sql("SELECT settings FROM session_settings WHERE session_key = ?").get(sessionKey);
    return fromJson<SessionSettings>(row?.settings) ?? {};
  }

  setSettings(sessionKey: string, settings: SessionSettings): Promise<void> {
    return this.base.write([], () => this.#keep(sessionKey, settings));
  }

  #keep(sessionKey: string, settings: SessionSettings): void {
    this.base
      .sql(
        "INSERT INTO session_settings (session_key, settings) VALUES (?, ?) ON CONFLICT DO UPDATE SET settings = excluded.settings",
      )
      .run(sessionKey, JSON.stringify(settings));
  }
}

/** The binding of the first of these keys that has one. */
export function findBinding(
  base: Base,
  account: string,
  chatKeys: readonly string[],
): ChatBinding | undefined {
  const find = base.sql("SELECT * FROM binding WHERE account = ? AND chat_key = ?");
  for (const chatKey of chatKeys) {
    const row = find.get(account, chatKey);
    if (row) return toBinding(row);
  }
  return undefined;
}
