import type { Target } from "../../conversation/index.js";
import type { SqlValue } from "../../platform/index.js";
import { type Token, type TokenScope, tokenScopes } from "../tokens.js";
import { fromJson } from "./columns.js";

/** A scope that this version does not know is none. */
export function toToken(row: Record<string, SqlValue>): Token {
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
