import type { ConfigPath, PeopleByGroup } from "../config/index.js";
import type { CommandRules } from "../conversation/index.js";
import type { MentionableIdentity } from "./mention.js";

/** One entry of `groups` (behaviour 2.4). */
export interface GroupOptions {
  requireMention?: boolean;
  systemPrompt?: string;
  allowFrom?: readonly string[];
  agentId?: string;
  enabled?: boolean;
  listen?: boolean;
}

/** Fields that an account may set for itself and that decide on access. */
export type AccountField =
  | "dmPolicy"
  | "allowFrom"
  | "groupPolicy"
  | "groupAllowFrom"
  | "groups"
  | "includeAttachments"
  | "reactionNotifications"
  | "catchup.enabled"
  | "catchup.perRunLimit"
  | "handoff.quietMinutes"
  | "waitWhileTyping";

/**
 * What a policy is made from: one resolved account (behaviour 2.5) and the blocks beside it. A plain object with the
 * names of the configuration, so that a resolved account fits it as it stands and a program can write it by hand.
 */
export interface PolicySource {
  accountId: string;
  /** False when the file has no `channels.imessage` at all: groups then fail closed (behaviour 4.3). Default true. */
  configured?: boolean;
  /** Where fields are written that are not at `channels.imessage.<field>`; a refusal names that path. */
  paths?: Partial<Record<AccountField, ConfigPath>>;
  region?: string;
  dmPolicy?: "pairing" | "allowlist" | "open" | "disabled";
  allowFrom?: readonly string[];
  /** Unset falls back to {@link defaultGroupPolicy}, then to `allowlist`. */
  groupPolicy?: "allowlist" | "open" | "disabled";
  /** `channels.defaults.groupPolicy`. */
  defaultGroupPolicy?: "allowlist" | "open" | "disabled";
  /** Unset falls back to `allowFrom`; `[]` blocks everyone. */
  groupAllowFrom?: readonly string[];
  groups?: Readonly<Record<string, GroupOptions>>;
  /** Whom `accessGroup:NAME` stands for in the lists, by name; a name that is not here stands for nobody. */
  accessGroups?: PeopleByGroup;
  includeAttachments?: boolean;
  reactionNotifications?: "own" | "all" | "off";
  /** `commands`; `text` false turns typed commands into ordinary text, and an `ownerAllowFrom` that is empty names no owner. */
  commands?: { text?: boolean; ownerAllowFrom?: readonly string[]; ownerServices?: readonly string[] };
  /** `pairing.services`: over which services a code is sent; unset means all. */
  pairing?: { services?: readonly string[] };
  /** `optOut.words`: what ends everything to its sender, beside STOP and UNSUBSCRIBE (behaviour 3.7). */
  optOut?: { words?: readonly string[] };
  /** `messages.groupChat.mentionPatterns`; unset, the identity of the routed agent counts (behaviour 4.4). */
  mentionPatterns?: readonly string[];
  /** `agents.list[].groupChat.mentionPatterns` by agent id; an agent that sets none is absent. */
  agentMentionPatterns?: Readonly<Record<string, readonly string[]>>;
  /** `agents.list[].identity` by agent id. */
  agentIdentities?: Readonly<Record<string, MentionableIdentity>>;
  /** Commands that exist; other words after a slash are ordinary text. */
  commandRules?: CommandRules;
}
