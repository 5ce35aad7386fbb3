import { type ConfigPath, formatPath, groupNameIn, withPeople } from "../config/index.js";
import { type ChatService, type CommandRule, normalizeHandle } from "../conversation/index.js";
import { type Allowlist, compileAllowlist } from "./allowlist.js";
import { compileMentions, type MentionPatterns, mentionsOfIdentity } from "./mention.js";
import type { AccountField, GroupOptions, PolicySource } from "./policy-source.js";

/** A group's entry, its sender list compiled. */
export interface GroupEntry {
  readonly options: GroupOptions;
  readonly allowFrom?: Allowlist;
}

/** Everything that the gates ask of the configuration, compiled once per account and change of the file. */
export interface Policy {
  readonly accountId: string;
  readonly region: string;
  readonly configured: boolean;
  readonly dmPolicy: "pairing" | "allowlist" | "open" | "disabled";
  readonly allowFrom: Allowlist;
  readonly groupPolicy: "allowlist" | "open" | "disabled";
  /** Where {@link groupPolicy} comes from. */
  readonly groupPolicyKey: string;
  readonly groupAllowFrom?: Allowlist;
  /** The entries of `groups`, by `chat_id` or `"*"`. */
  readonly groups: ReadonlyMap<string, GroupEntry>;
  readonly includeAttachments: boolean;
  readonly reactionNotifications: "own" | "all" | "off";
  /** By name; without those that are typed where `commands.text` is off. */
  readonly commands: ReadonlyMap<string, CommandRule>;
  /** `commands.ownerAllowFrom`, or the one sender whom `allowFrom` names where that is not set (behaviour 12). */
  readonly owners: ReadonlySet<string>;
  /** The configuration path that names the owners. */
  readonly ownersKey: string;
  readonly ownerServices: ReadonlySet<ChatService>;
  /** The services over which a pairing code is sent; undefined means every service. */
  readonly pairingServices?: ReadonlySet<ChatService>;
  /** The words that mean STOP, in upper case. */
  readonly optOutWords: ReadonlySet<string>;
  readonly mentions: MentionPatterns;
  /** What counts for an agent before {@link mentions}: its own patterns, or those made from its identity. */
  readonly agentMentions: ReadonlyMap<string, MentionPatterns>;
  /** The path of a field of this account, or of a part of it, e.g. `channels.imessage.groups["*"].enabled`. */
  keyOf(field: AccountField, ...part: ConfigPath): string;
}

/** Words that end everything to their sender, whatever `optOut.words` adds (behaviour 3.7). */
const optOutWords = ["STOP", "UNSUBSCRIBE"];

/** @returns the words by which somebody ends all messages, in capitals */
export function optOutWordsOf(optOut: PolicySource["optOut"]): ReadonlySet<string> {
  return new Set([...optOutWords, ...(optOut?.words ?? [])].map((word) => word.trim().toUpperCase()));
}

/**
 * Compiles an account's policy: lists are normalised and patterns compiled here, never per message.
 * @throws TapbackError `MENTION_PATTERN_INVALID`
 */
export function compilePolicy(source: PolicySource): Policy {
  const region = source.region ?? "US";
  const configured = source.configured ?? true;
  const keyOf = (field: AccountField, ...part: ConfigPath) =>
    formatPath([...(source.paths?.[field] ?? ["channels", "imessage", ...field.split(".")]), ...part]);
  const listOf = (entries: readonly string[] = []) =>
    compileAllowlist(withPeople(entries, source.accessGroups ?? {}), region);
  const allowFrom = listOf(source.allowFrom);
  const owners = ownersIn(source, allowFrom, listOf(source.commands?.ownerAllowFrom));
  const compileGroup = (options: GroupOptions): GroupEntry =>
    options.allowFrom === undefined ? { options } : { options, allowFrom: listOf(options.allowFrom) };
  const fromDefaults =
    configured && source.groupPolicy === undefined && source.defaultGroupPolicy !== undefined;
  return {
    accountId: source.accountId,
    region,
    configured,
    dmPolicy: source.dmPolicy ?? "pairing",
    allowFrom,
    // A missing block fails closed whatever the defaults say (behaviour 4.3).
    groupPolicy: configured ? (source.groupPolicy ?? source.defaultGroupPolicy ?? "allowlist") : "allowlist",
    groupPolicyKey: fromDefaults ? "channels.defaults.groupPolicy" : keyOf("groupPolicy"),
    ...(source.groupAllowFrom && { groupAllowFrom: listOf(source.groupAllowFrom) }),
    groups: new Map(
      Object.entries(source.groups ?? {}).map(([id, options]) => [id.trim(), compileGroup(options)]),
    ),
    includeAttachments: source.includeAttachments ?? false,
    reactionNotifications: source.reactionNotifications ?? "own",
    commands: new Map(
      Object.entries(source.commandRules ?? {}).filter(
        ([, { typed }]) => !typed || source.commands?.text !== false,
      ),
    ),
    owners: owners.handles,
    ownersKey: owners.byAllowFrom ? keyOf("allowFrom") : "commands.ownerAllowFrom",
    ownerServices: services(source.commands?.ownerServices ?? ["imessage"]),
    ...(source.pairing?.services && { pairingServices: services(source.pairing.services) }),
    optOutWords: optOutWordsOf(source.optOut),
    mentions: compileMentions(source.mentionPatterns ?? [], "messages.groupChat.mentionPatterns"),
    agentMentions: new Map([...defaultMentions(source), ...ownMentions(source)]),
    keyOf,
  };
}

/**
 * The owners whom the configuration names (behaviour 12). One sender alone is one only where the list says so itself: a group
 * of people that has one person today may have more tomorrow, and one that has nobody leaves nothing open.
 */
function ownersIn(
  { commands, allowFrom: written = [] }: PolicySource,
  allowFrom: Allowlist,
  named: Allowlist,
): { handles: ReadonlySet<string>; byAllowFrom: boolean } {
  const isOnly = !allowFrom.everyone && allowFrom.handles.size === 1;
  const byAllowFrom =
    commands?.ownerAllowFrom === undefined &&
    isOnly &&
    !written.some((entry) => groupNameIn(entry) !== undefined);
  return { handles: byAllowFrom ? allowFrom.handles : named.handles, byAllowFrom };
}

function ownMentions(source: PolicySource): [agentId: string, MentionPatterns][] {
  return Object.entries(source.agentMentionPatterns ?? {}).map(([id, patterns]) => [
    id,
    compileMentions(patterns, `groupChat.mentionPatterns of agent ${id}`),
  ]);
}

/** An empty list is set too: it says that there are to be no patterns. */
function defaultMentions(source: PolicySource): [agentId: string, MentionPatterns][] {
  if (source.mentionPatterns !== undefined) return [];
  return Object.entries(source.agentIdentities ?? {}).flatMap(([id, identity]) => {
    const mentions = mentionsOfIdentity(identity);
    return mentions ? [[id, mentions] as [string, MentionPatterns]] : [];
  });
}

function services(names: readonly string[]): ReadonlySet<ChatService> {
  return new Set(names.map((name) => name.toLowerCase() as ChatService));
}

/** @returns a handle in the normal form of this account's region */
export function handleOf(raw: string, policy: Policy): string {
  return normalizeHandle(raw, policy.region);
}
