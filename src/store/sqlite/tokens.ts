import type { Target } from "../../conversation/index.js";
import type { SqlValue } from "../../platform/index.js";
import { type Token, type TokenScope, type TokenStore, tokenScopes } from "../tokens.js";
import { type Base, fromJson, orNull } from "./statements.js";

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

/** A scope that this version does not know is none. */
function toToken(row: Record<string, SqlValue>): Token {
  const scopes = JSON.parse(String(row.scopes)) as string[];
  const optional: [keyof Token, unknown][] = [
    ["account", row.account],
    ["chats", fromJson<Target[]>(row.chats) ?? null],
    ["expiresAt", row.expires_at === null ? null : Number(row.expires_at)],
    ["usedAt", row.used_at === null ? null : Number(row.used_at)],
  ];
  return {
    id: String(row.id),
    name: String(row.name),
    hash: String(row.hash),
    scopes: scopes.filter((scope): scope is TokenScope => (tokenScopes as readonly string[]).includes(scope)),
    perMinute: Number(row.per_minute),
    createdAt: Number(row.created_at),
    ...Object.fromEntries(optional.filter(([, value]) => value !== null)),
  };
}
