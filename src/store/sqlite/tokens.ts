import { orNull } from "../rows/columns.js";
import { toToken } from "../rows/token.js";
import type { Token, TokenStore } from "../tokens.js";
import type { Base } from "./statements.js";

/** The rights of programs. A command and the gateway have the file open at once: what is revoked is refused at the next request. */
export class SqliteTokens implements TokenStore {
  constructor(private readonly base: Base) {}

  add(token: Token): Promise<boolean> {
    const { id, name, hash, scopes, account, chats, perMinute, createdAt, expiresAt } = token;
    return this.base.writeToDisk([], () => {
      const { changes } = this.base
        .sql(
          `INSERT INTO token (id, name, hash, scopes, account, chats, per_minute, created_at, expires_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
        )
        .run(
          ...[id, name, hash, JSON.stringify(scopes), orNull(account)],
          chats === undefined ? null : JSON.stringify(chats),
          ...[perMinute, createdAt, orNull(expiresAt)],
        );
      return Number(changes) === 1;
    });
  }

  async find(id: string): Promise<Token | undefined> {
    const row = this.base.sql("SELECT * FROM token WHERE id = ?").get(id);
    return row && toToken(row);
  }

  async list(): Promise<Token[]> {
    return this.base.sql("SELECT * FROM token ORDER BY name").all().map(toToken);
  }

  used(id: string, at: number): Promise<void> {
    return this.base.write([], () => {
      this.base.sql("UPDATE token SET used_at = ? WHERE id = ?").run(at, id);
    });
  }

  revoke(name: string): Promise<boolean> {
    return this.base.writeToDisk([], () => {
      const { changes } = this.base.sql("DELETE FROM token WHERE name = ?").run(name);
      return Number(changes) === 1;
    });
  }
}
