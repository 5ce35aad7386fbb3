import { normalizeId } from "./ids.js";
import type { ConfigPath } from "./path.js";
import type { AccountOverrides, AccountSettings } from "./schema/account.js";
import type { Config } from "./schema/config.js";
import { accountDefaults, stickerRoot } from "./schema/defaults.js";

/** One account with every setting that holds for it (behaviour 2.5). */
export interface Account extends AccountSettings {
  /** Normalised. */
  id: string;
}

/** Names of the settings of an account. */
export type AccountField = keyof AccountSettings;

/** Where a setting comes from: the account's own field, the channel's, `channels.defaults`, or the built-in default. */
export type Origin = "account" | "channel" | "channel-defaults" | "default";

const channelPath = ["channels", "imessage"] as const;

/** What was written for one account, next to what was written for all. */
export interface Layers {
  id: string;
  own: AccountOverrides;
  ownPath: ConfigPath;
  channel: AccountOverrides;
  channelDefaults: Config["channels"]["defaults"];
}

/** @returns ids of all accounts in the order of the file; one `default` where the block names none, none without the block */
export function accountIds(config: Config): string[] {
  const channel = config.channels.imessage;
  if (channel === undefined) return [];
  const ids = Object.keys(channel.accounts ?? {}).map(normalizeId);
  return ids.length > 0 ? ids : ["default"];
}

/** @returns the account meant where none is named: `defaultAccount`, else `default`, else the only one, else the first */
export function defaultAccountId(config: Config): string {
  const ids = accountIds(config);
  const named = config.channels.imessage?.defaultAccount;
  if (named !== undefined) return normalizeId(named);
  return ids.includes("default") ? "default" : (ids[0] ?? "default");
}

/** @returns what was written for an account, or undefined when there is no such account */
export function layersOf(config: Config, id: string): Layers | undefined {
  const channel = config.channels.imessage;
  const wanted = normalizeId(id);
  if (channel === undefined || !accountIds(config).includes(wanted)) return undefined;
  const [key, own] =
    Object.entries(channel.accounts ?? {}).find(([key]) => normalizeId(key) === wanted) ?? [];
  return {
    id: wanted,
    own: own ?? {},
    ownPath: key === undefined ? channelPath : [...channelPath, "accounts", key],
    channel,
    channelDefaults: config.channels.defaults,
  };
}

/**
 * Tells where a setting comes from and where it is written, or would be for this account.
 * @param part a key of `actions`, `catchup`, `outbound` or `handoff`
 */
export function originOf(
  layers: Layers,
  field: AccountField,
  part?: string,
): { origin: Origin; path: ConfigPath } {
  const has = (settings: AccountOverrides) => {
    const value: unknown = settings[field];
    if (part === undefined || value === undefined) return value !== undefined;
    return (value as Record<string, unknown>)[part] !== undefined;
  };
  const tail = part === undefined ? [field] : [field, part];
  if (has(layers.own)) return { origin: "account", path: [...layers.ownPath, ...tail] };
  const replacedWhole = part !== undefined && !isMerged(field) && layers.own[field] !== undefined;
  if (has(layers.channel) && !replacedWhole) return { origin: "channel", path: [...channelPath, ...tail] };
  if (field === "groupPolicy" && layers.channelDefaults.groupPolicy !== undefined)
    return { origin: "channel-defaults", path: ["channels", "defaults", "groupPolicy"] };
  return { origin: "default", path: [...layers.ownPath, ...tail] };
}

/** `actions` and `catchup` are merged key by key; every other map or list is replaced whole (behaviour 2.5). */
export function isMerged(field: string): field is "actions" | "catchup" {
  return field === "actions" || field === "catchup";
}

function settingsOf({ id, own, channel, channelDefaults }: Layers): Account {
  const pick = <Field extends AccountField>(field: Field) => own[field] ?? channel[field];
  const result: Record<string, unknown> = { id, name: pick("name") ?? id };
  for (const field of new Set([...Object.keys(channel), ...Object.keys(own)])) {
    if (field !== "accounts" && field !== "defaultAccount") result[field] = pick(field as AccountField);
  }
  for (const [field, value] of Object.entries(accountDefaults)) result[field] ??= value;
  return {
    ...(result as unknown as Account),
    groupPolicy: pick("groupPolicy") ?? channelDefaults.groupPolicy ?? accountDefaults.groupPolicy,
    actions: { ...accountDefaults.actions, ...channel.actions, ...own.actions },
    catchup: { ...accountDefaults.catchup, ...channel.catchup, ...own.catchup },
    outbound: outboundOf(pick("outbound")),
    handoff: { ...accountDefaults.handoff, ...pick("handoff") },
  };
}

/** The earlier name of a limit holds too; of the two the smaller one. */
function outboundOf(written: AccountOverrides["outbound"] = {}): Account["outbound"] {
  const { newRecipientsPerDay: earlier, ...named } = written;
  const limits = [named.newConversationsPerDay, earlier].filter((limit) => limit !== undefined);
  return {
    ...accountDefaults.outbound,
    ...named,
    ...(limits.length > 0 && { newConversationsPerDay: Math.min(...limits) }),
  };
}

/**
 * @param id in any spelling
 * @returns the account, or undefined when there is none of that id. Without a `channels.imessage` block the account
 * `default` is disabled and its group policy is `allowlist`, whatever `channels.defaults` says (behaviour 4.3).
 */
export function resolveAccount(config: Config, id: string): Account | undefined {
  const layers = layersOf(config, id);
  if (layers !== undefined) return settingsOf(layers);
  if (config.channels.imessage !== undefined || normalizeId(id) !== "default") return undefined;
  const closed = settingsOf({
    id: "default",
    own: {},
    ownPath: channelPath,
    channel: {},
    channelDefaults: {},
  });
  return { ...closed, enabled: false };
}

/**
 * @param id in any spelling, also of an account that the file no longer names
 * @returns the region in which this account's numbers without `+` are read (behaviour 2.4)
 */
export function regionOf(config: Config, id: string): string {
  return resolveAccount(config, id)?.region ?? config.channels.imessage?.region ?? accountDefaults.region;
}

/**
 * The folders that a resolved account's files may be read from. Where nobody named any, the folder of the stickers is one
 * too (behaviour 7.2): a default is told from the same value in the file by being the very list.
 */
export function readableRoots(
  account: Account,
  field: "attachmentRoots" | "remoteAttachmentRoots",
): readonly string[] {
  const roots = account[field];
  return roots === accountDefaults[field] ? [...roots, stickerRoot] : roots;
}

/** @returns every account in the order of the file, disabled ones too; none without a `channels.imessage` block */
export function resolveAccounts(config: Config): Account[] {
  return accountIds(config).map((id) => settingsOf(layersOf(config, id)!));
}
