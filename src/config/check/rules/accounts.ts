import { basename } from "node:path";
import { type Account, accountIds, resolveAccounts } from "../../accounts.js";
import { normalizeId } from "../../ids.js";
import { nearest } from "../near.js";
import type { Rule } from "../rule.js";

const accountsPath = ["channels", "imessage", "accounts"] as const;

/** Two ids that read the same would share state (behaviour 5.1). */
export const accountIdsDiffer: Rule = function* (config) {
  const seen = new Map<string, string>();
  for (const key of Object.keys(config.channels.imessage?.accounts ?? {})) {
    const other = seen.get(normalizeId(key));
    seen.set(normalizeId(key), key);
    if (other === undefined) continue;
    yield {
      severity: "error",
      path: [...accountsPath, key],
      atKey: true,
      message: `"${key}" and "${other}" are the same account id, "${normalizeId(key)}"`,
      expected: "ids that differ in letters or digits",
    };
  }
};

/** `defaultAccount` has to name an account. */
export const defaultAccountExists: Rule = function* (config) {
  const named = config.channels.imessage?.defaultAccount;
  const ids = accountIds(config);
  if (named !== undefined && !ids.includes(normalizeId(named))) {
    const suggestion = nearest(named, ids);
    yield {
      severity: "error",
      path: ["channels", "imessage", "defaultAccount"],
      because: [accountsPath],
      message: `there is no account "${named}"`,
      expected: `one of ${ids.join(", ")}`,
      suggestion,
    };
  }
  if (named === undefined && ids.length > 1 && !ids.includes("default")) {
    yield {
      severity: "warning",
      path: accountsPath,
      atKey: true,
      because: [["channels", "imessage", "defaultAccount"]],
      message: `several accounts and none named "default": "${ids[0]}" is used where none is named`,
      expected: "channels.imessage.defaultAccount",
    };
  }
};

/** Two watchers of one database would answer every message twice: the second is not served (behaviour 1.1a). */
export const databasesDiffer: Rule = function* (config) {
  const accounts = resolveAccounts(config).filter(({ enabled }) => enabled);
  for (const [index, account] of accounts.entries()) {
    const other = accounts.slice(0, index).find((earlier) => sameDatabase(earlier, account));
    if (other === undefined) continue;
    const key = Object.keys(config.channels.imessage?.accounts ?? {}).find(
      (id) => normalizeId(id) === account.id,
    );
    yield {
      severity: "warning",
      path: [...accountsPath, key!],
      atKey: true,
      because: [["channels", "imessage"]],
      message: `accounts "${other.id}" and "${account.id}" watch the same Messages database: "${account.id}" is not served`,
      expected: "a dbPath or cliPath of its own for each account",
    };
  }
};

function sameDatabase(a: Account, b: Account): boolean {
  if (a.dbPath !== b.dbPath || a.remoteHost !== b.remoteHost) return false;
  // Wrapper scripts of different names may lead to different Macs or users.
  const local = ({ cliPath }: Account) => basename(cliPath) === "imsg";
  return a.cliPath === b.cliPath || (local(a) && local(b));
}

/** Behaviour 4.3: without the channel's block nothing of `channels.defaults` opens groups. */
export const blockIsThere: Rule = function* (config) {
  if (config.channels.imessage !== undefined || config.channels.defaults.groupPolicy === undefined) return;
  yield {
    severity: "warning",
    path: ["channels", "defaults", "groupPolicy"],
    message:
      'there is no channels.imessage block: its group policy is "allowlist", whatever channels.defaults says',
    expected: "channels.imessage, to serve iMessage",
  };
};
