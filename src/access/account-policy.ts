import { type Config, type ConfigPath, normalizeId, peopleByGroup, resolveAccount } from "../config/index.js";
import type { CommandRules } from "../conversation/index.js";
import { compilePolicy, type Policy } from "./policy.js";
import type { AccountField } from "./policy-source.js";

const fields: readonly AccountField[] = [
  "dmPolicy",
  "allowFrom",
  "groupPolicy",
  "groupAllowFrom",
  "groups",
  "includeAttachments",
  "reactionNotifications",
  "catchup.enabled",
  "catchup.perRunLimit",
  "handoff.quietMinutes",
  "waitWhileTyping",
];

/**
 * Compiles the policy of one account of a configuration.
 * @param id in any spelling
 * @returns undefined when there is no such account
 */
export function accountPolicy(config: Config, id: string, commandRules: CommandRules): Policy | undefined {
  const account = resolveAccount(config, id);
  if (!account) return undefined;
  const { groupPolicy: effective, ...settings } = account;
  const places = Object.fromEntries(fields.map((field) => [field, placeOf(config, account.id, field)]));
  const { defaults } = config.channels;
  return compilePolicy({
    ...settings,
    accountId: account.id,
    configured: config.channels.imessage !== undefined,
    // Left out where `channels.defaults` or nothing set it, so that a refusal names the key that decided.
    ...(places.groupPolicy?.written && { groupPolicy: effective }),
    ...(defaults.groupPolicy && { defaultGroupPolicy: defaults.groupPolicy }),
    paths: Object.fromEntries(fields.map((field) => [field, places[field]!.path])),
    accessGroups: peopleByGroup(config),
    commands: config.commands,
    pairing: config.pairing,
    optOut: config.optOut,
    ...(config.messages.groupChat.mentionPatterns && {
      mentionPatterns: config.messages.groupChat.mentionPatterns,
    }),
    agentMentionPatterns: Object.fromEntries(
      config.agents.list.flatMap(({ id: agent, groupChat }) =>
        groupChat?.mentionPatterns ? [[normalizeId(agent), groupChat.mentionPatterns]] : [],
      ),
    ),
    agentIdentities: Object.fromEntries(
      config.agents.list.flatMap(({ id: agent, identity }) =>
        identity ? [[normalizeId(agent), identity]] : [],
      ),
    ),
    commandRules,
  });
}

/**
 * The owners of an account whom the configuration names, in normal form (behaviour 12).
 * @returns undefined when there is no such account
 */
export function namedOwners(config: Config, id: string): string[] | undefined {
  const policy = accountPolicy(config, id, {});
  return policy && [...policy.owners];
}

/**
 * Finds where a field of an account is written: in the account's own block or the channel's. One that is not set
 * belongs into the own block.
 */
function placeOf(config: Config, id: string, field: AccountField): { path: ConfigPath; written: boolean } {
  const channel = config.channels.imessage;
  const [key, own] = Object.entries(channel?.accounts ?? {}).find(([name]) => normalizeId(name) === id) ?? [];
  const parts = field.split(".");
  const channelPath = ["channels", "imessage"];
  const ownPath = key === undefined ? channelPath : [...channelPath, "accounts", key];
  if (valueAt(own, parts) !== undefined) return { path: [...ownPath, ...parts], written: true };
  const inChannel = valueAt(channel, parts) !== undefined;
  return { path: [...(inChannel ? channelPath : ownPath), ...parts], written: inChannel };
}

function valueAt(settings: unknown, parts: readonly string[]): unknown {
  return parts.reduce((value, part) => (value as Record<string, unknown> | undefined)?.[part], settings);
}
