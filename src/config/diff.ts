import { isDeepStrictEqual } from "node:util";
import { type Account, type AccountField, resolveAccounts } from "./accounts.js";
import { type ConfigPath, formatPath } from "./path.js";
import type { Config } from "./schema/config.js";

/** Settings that the child or its subscription is started with; every other one is read at the next message. */
const restartFields: readonly AccountField[] = [
  "enabled",
  "cliPath",
  "dbPath",
  "remoteHost",
  "includeAttachments",
  "watchDebounceMs",
];

/** What a reload has to do (behaviour 2.3). Account ids are normalised. */
export interface ConfigDiff {
  /** Paths of everything that is different, in the order of the schema; lists count as one value. */
  changed: string[];
  /** Accounts that are new and enabled. */
  added: string[];
  /** Accounts that are gone or no longer enabled. */
  removed: string[];
  /** Accounts whose child has to be started anew. */
  restart: string[];
  /** Accounts for which other settings hold from the next message. */
  live: string[];
}

/** Compares two valid configurations. */
export function diffConfig(before: Config, after: Config): ConfigDiff {
  const old = new Map(enabledAccounts(before));
  const current = new Map(enabledAccounts(after));
  const kept = [...current].flatMap(([id, account]) => {
    const earlier = old.get(id);
    return earlier === undefined || isDeepStrictEqual(earlier, account) ? [] : [{ id, earlier, account }];
  });
  const restart = kept
    .filter(({ earlier, account }) =>
      restartFields.some((field) => !isDeepStrictEqual(earlier[field], account[field])),
    )
    .map(({ id }) => id);
  return {
    changed: changedPaths(before, after),
    added: [...current.keys()].filter((id) => !old.has(id)),
    removed: [...old.keys()].filter((id) => !current.has(id)),
    restart,
    live: kept.map(({ id }) => id).filter((id) => !restart.includes(id)),
  };
}

function enabledAccounts(config: Config): [string, Account][] {
  return resolveAccounts(config)
    .filter(({ enabled }) => enabled)
    .map((account) => [account.id, account]);
}

function changedPaths(before: unknown, after: unknown, path: ConfigPath = []): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (!isPlain(before) || !isPlain(after)) return [formatPath(path)];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => changedPaths(before[key], after[key], [...path, key]));
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
