import { normalizeHandle, parseTarget, type Target } from "../conversation/index.js";
import { TapbackError } from "../platform/index.js";
import { type Store, type Token, type TokenScope, tokenScopes } from "../store/index.js";
import { newSecret } from "./secret.js";

/** What somebody asks a token to be good for. */
export interface TokenWish {
  name: string;
  scopes: readonly string[];
  /** In normal form; absent: all. */
  account?: string | undefined;
  /** In the forms of behaviour 8.3; absent: all. A token with chats has an account. */
  chats?: readonly string[] | undefined;
  perMinute: number;
  /** Milliseconds since the epoch; absent: it does not end. */
  expiresAt?: number | undefined;
}

/**
 * Makes a token (behaviour 20.1).
 * @param region in which numbers without `+` are read
 * @param at milliseconds since the epoch
 * @returns it with its secret, which nobody can be shown again
 * @throws `USAGE`, `TARGET_INVALID`, `CHAT_UNNAMED`, `TOKEN_EXISTS`
 */
export async function addToken(
  store: Store,
  wish: TokenWish,
  region: string,
  at: number,
): Promise<{ token: Token; secret: string }> {
  const { name, account, perMinute, expiresAt } = wish;
  if (!/^[\w.-]{1,64}$/.test(name))
    throw new TapbackError("USAGE", "a name has up to 64 letters, digits and the signs - _ and .");
  const chats = wish.chats && account !== undefined && (await boundTo(store, account, wish.chats, region));
  const { secret, id, hash } = newSecret();
  const token: Token = {
    ...{ id, name, hash, scopes: scopesIn(wish.scopes), perMinute, createdAt: at },
    ...(account !== undefined && { account }),
    ...(chats && { chats }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
  if (await store.tokens.add(token)) return { token, secret };
  throw new TapbackError("TOKEN_EXISTS", `there is a token ${name} already`);
}

/** @returns the scopes of a list, each once, in their order @throws `USAGE` for one that does not exist, and for none */
export function scopesIn(given: readonly string[]): TokenScope[] {
  const unknown = given.find((scope) => !tokenScopes.some((known) => known === scope));
  if (unknown !== undefined || given.length === 0)
    throw new TapbackError(
      "USAGE",
      `${unknown === undefined ? "a scope is needed" : `there is no scope ${unknown}`}`,
      {
        hint: `Scopes are ${tokenScopes.join(", ")}.`,
      },
    );
  return tokenScopes.filter((scope) => given.includes(scope));
}

/**
 * Says which chats somebody is bound to. A number of a chat is one of a database, and means somebody else in the next: what is
 * kept is what the chat is called.
 * @param given in the forms of behaviour 8.3
 * @throws `TARGET_INVALID`, `CHAT_UNNAMED`
 */
export async function boundTo(
  store: Store,
  account: string,
  given: readonly string[],
  region: string,
): Promise<Target[]> {
  const known = await store.journal.chats(account);
  return given.map((text) => {
    const target = parseTarget(text, region);
    if (!target.ok) throw target.error;
    if (target.value.kind === "handle")
      return { ...target.value, handle: normalizeHandle(target.value.handle, region) };
    if (target.value.kind !== "chat_id") return target.value;
    const { chatId } = target.value;
    const chat = known.find(({ row }) => row.chat.id === chatId)?.row.chat;
    if (chat?.guid) return { kind: "chat_guid", guid: chat.guid };
    if (chat?.identifier) return { kind: "chat_identifier", identifier: chat.identifier };
    throw new TapbackError(
      "CHAT_UNNAMED",
      `no message is known of chat_id:${chatId} in the account ${account}`,
    );
  });
}
