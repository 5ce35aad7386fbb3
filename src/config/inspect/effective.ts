import {
  type Account,
  type AccountField,
  isMerged,
  type Layers,
  layersOf,
  type Origin,
  originOf,
  resolveAccount,
} from "../accounts.js";
import { formatPath } from "../path.js";
import { accountFields } from "../schema/account.js";
import type { Config } from "../schema/config.js";
import { accountDefaults } from "../schema/defaults.js";

/** One setting as it holds for an account. */
export interface EffectiveValue {
  /** e.g. `dmPolicy`, `actions.edit`. */
  key: string;
  /** Undefined where nobody set it and there is no default. */
  value: unknown;
  origin: Origin;
  /** Where it is written, or would be for this account. */
  path: string;
}

/**
 * @returns every setting of an account with where it comes from (behaviour 2.5), in the order of the reference; those
 * of `actions`, `catchup`, `outbound` and `handoff` key by key. Undefined when there is no such account.
 */
export function effective(config: Config, accountId: string): EffectiveValue[] | undefined {
  const layers = layersOf(config, accountId);
  const account = resolveAccount(config, accountId);
  if (layers === undefined || account === undefined) return undefined;
  return (Object.keys(accountFields) as AccountField[]).flatMap((field) => valuesOf(layers, account, field));
}

function valuesOf(layers: Layers, account: Account, field: AccountField): EffectiveValue[] {
  const value = account[field];
  const isNested = isMerged(field) || field === "outbound" || field === "handoff";
  if (!isNested) return [entry(layers, field, undefined, value)];
  return Object.keys(accountDefaults[field]).map((part) =>
    entry(layers, field, part, (value as unknown as Record<string, unknown>)[part]),
  );
}

function entry(
  layers: Layers,
  field: AccountField,
  part: string | undefined,
  value: unknown,
): EffectiveValue {
  const { origin, path } = originOf(layers, field, part);
  return { key: part === undefined ? field : `${field}.${part}`, value, origin, path: formatPath(path) };
}
