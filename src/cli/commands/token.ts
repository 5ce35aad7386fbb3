import { addToken } from "../../api/index.js";
import { defaultAccountId, normalizeId, regionOf, resolveAccount } from "../../config/index.js";
import { formatTarget } from "../../conversation/index.js";
import { iso } from "../../facts/index.js";
import { localTime, TapbackError } from "../../platform/index.js";
import type { Token } from "../../store/index.js";
import { type Context, readConfig } from "../context.js";
import { printJson, printLine, styled, table } from "../output.js";
import { createState, openState, withStateIfAny } from "../state.js";

export interface TokenOptions {
  scopes?: string;
  chats?: string[];
  account?: string;
  expires?: string;
  perMinute?: string;
}

/** `tapback token add`: the only time that the secret is shown. @throws `USAGE`, `ACCOUNT_UNKNOWN`, `TOKEN_EXISTS` */
export async function add(context: Context, options: TokenOptions, name: string): Promise<undefined> {
  const { config } = await readConfig(context);
  const now = Date.now();
  const fallback = defaultAccountId(config);
  const named = options.account === undefined ? undefined : normalizeId(options.account);
  if (named !== undefined && !resolveAccount(config, named))
    throw new TapbackError("ACCOUNT_UNKNOWN", `there is no account ${options.account}`);
  // A chat is one of an account: it never stands for the same name in another.
  const account = named ?? (options.chats ? fallback : undefined);
  const wish = {
    name,
    account,
    scopes: list([options.scopes ?? ""]),
    chats: options.chats && list(options.chats),
    perMinute: wholeNumber(options.perMinute ?? "600"),
    expiresAt: options.expires === undefined ? undefined : timeIn(options.expires, now),
  };
  if (wish.chats?.length === 0) throw new TapbackError("USAGE", "--chats needs a chat");
  const store = await createState(context);
  try {
    const { token, secret } = await addToken(store, wish, regionOf(config, account ?? fallback), now);
    if (context.json) return void printJson({ ...tokenRow(token), token: secret });
    printLine(secret);
    printLine(styled("dim", "It is shown this once. Programs send it as `Authorization: Bearer …`."));
    if (!config.gateway.api.enabled)
      printLine(
        styled("yellow", "The API is off: `tapback config set gateway.api.enabled true` turns it on."),
      );
  } finally {
    await store.close();
  }
}

/** `tapback token list` (behaviour 17.8a). */
export async function listTokens(context: Context): Promise<undefined> {
  const tokens = (await withStateIfAny(context, (store) => store?.tokens.list())) ?? [];
  if (context.json) return void printJson(tokens.map(tokenRow));
  if (tokens.length === 0) return void printLine("There are no tokens. `tapback token add` makes one.");
  const rows = tokens.map((token) => {
    const { name, scopes, account, chats, usedAt, expiresAt } = token;
    const where = chats ? chats.map((chat) => formatTarget(chat)).join(" ") : "all";
    return [
      styled("bold", name),
      scopes.join(","),
      account ?? "all",
      where,
      usedAt === undefined ? "never" : localTime(usedAt),
      expiresAt === undefined ? "" : localTime(expiresAt),
    ];
  });
  printLine(table(["NAME", "SCOPES", "ACCOUNT", "CHATS", "LAST USED", "EXPIRES"], rows));
}

/** `tapback token revoke`. @throws `TOKEN_UNKNOWN` */
export async function revoke(context: Context, name: string): Promise<undefined> {
  const store = await openState(context);
  try {
    if (!(await store.tokens.revoke(name)))
      throw new TapbackError("TOKEN_UNKNOWN", `there is no token ${name}`);
    if (context.json) return void printJson({ revoked: name });
    printLine(`${name} is good for nothing any more.`);
  } finally {
    await store.close();
  }
}

function tokenRow({ name, scopes, account, chats, perMinute, createdAt, expiresAt, usedAt }: Token) {
  return {
    name,
    scopes,
    account: account ?? null,
    chats: chats ? chats.map((chat) => formatTarget(chat)) : null,
    perMinute,
    createdAt: iso(createdAt),
    expiresAt: iso(expiresAt),
    lastUsedAt: iso(usedAt),
  };
}

/** Lists may be written with commas, or as several words. */
function list(given: readonly string[]): string[] {
  return given
    .flatMap((text) => text.split(","))
    .map((text) => text.trim())
    .filter(Boolean);
}

function wholeNumber(given: string): number {
  const number = Number(given);
  if (Number.isInteger(number) && number >= 1 && number <= 100_000) return number;
  throw new TapbackError("USAGE", "--per-minute needs a whole number from 1 to 100000");
}

const units = { h: 3_600_000, d: 86_400_000 };

/** @returns milliseconds since the epoch @throws `USAGE` for what is no time, or is over */
function timeIn(given: string, now: number): number {
  const [, count, unit] = /^(\d{1,5})([hd])$/.exec(given) ?? [];
  const at =
    count === undefined
      ? /^\d{4}-\d\d-\d\d/.test(given)
        ? Date.parse(given)
        : Number.NaN
      : now + Number(count) * units[unit as keyof typeof units];
  if (at > now) return at;
  throw new TapbackError("USAGE", `--expires needs a day or a time that is to come, not ${given}`, {
    hint: "For example 2027-01-31, 30d or 12h.",
  });
}
