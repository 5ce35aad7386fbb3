import type { Target } from "../conversation/index.js";

/** What a token is good for; none includes another (behaviour 20.1). */
export const tokenScopes = ["read", "send", "people", "admin"] as const;
export type TokenScope = (typeof tokenScopes)[number];

/** A program's right to use the API. Its secret is kept nowhere. */
export interface Token {
  /** Names it in its secret; random. */
  id: string;
  /** As people name it; one of each. */
  name: string;
  /** SHA-256 of the whole secret, hexadecimal. */
  hash: string;
  scopes: TokenScope[];
  /** The only account that it reaches; absent: all. */
  account?: string;
  /** The only chats that it reaches, none by its number; absent: all of its accounts. */
  chats?: Target[];
  /** Most requests in a minute. */
  perMinute: number;
  createdAt: number;
  /** From then on it is good for nothing. */
  expiresAt?: number;
  /** Within a minute. */
  usedAt?: number;
}

export interface TokenStore {
  /** @returns false when another one has its name or id: nothing is kept then */
  add(token: Token): Promise<boolean>;
  /** The token whose secret names this id, expired or not. */
  find(id: string): Promise<Token | undefined>;
  /** All that are not revoked, by their names. */
  list(): Promise<Token[]>;
  /** Notes that a token was used. */
  used(id: string, at: number): Promise<void>;
  /** Removes a token for good. @returns false when there is none of that name */
  revoke(name: string): Promise<boolean>;
}
