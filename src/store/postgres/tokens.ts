import { orNull } from "../rows/columns.js";
import { toToken } from "../rows/token.js";
import type { Token, TokenStore } from "../tokens.js";
import type { Base } from "./statements.js";
import { json } from "./words.js";

/** The rights of programs. Whoever reads them reads what was committed: what is revoked is refused at the next request. */
export class PostgresTokens implements TokenStore {
  constructor(private readonly base: Base) {}

  add(token: Token): Promise<boolean> {
    const { id, name, hash, scopes, account, chats, perMinute, createdAt, expiresAt } = token;
    return this.base.write([], async ({ sql }) => {
      const added = await sql(
        `INSERT INTO token (id, name, hash, scopes, account, chats, per_minute, created_at, expires_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      ).run(
        ...[id, name, hash, json(scopes), orNull(account), json(chats)],
        ...[perMinute, createdAt, orNull(expiresAt)],
      );
      return added === 1;
    });
  }

  async find(id: string): Promise<Token | undefined> {
    const row = await this.base.sql("SELECT * FROM token WHERE id = ?").get(id);
    return row && toToken(row);
  }

  async list(): Promise<Token[]> {
    return (await this.base.sql("SELECT * FROM token ORDER BY name").all()).map(toToken);
  }

  used(id: string, at: number): Promise<void> {
    return this.base.write([], async ({ sql }) => {
      await sql("UPDATE token SET used_at = ? WHERE id = ?").run(at, id);
    });
  }

  revoke(name: string): Promise<boolean> {
    return this.base.write(
      [],
      async ({ sql }) => (await sql("DELETE FROM token WHERE name = ?").run(name)) === 1,
    );
  }
}
