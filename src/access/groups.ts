import { hasSeveralPeople, type MessageRow } from "../conversation/index.js";
import type { Allowlist } from "./allowlist.js";
import type { MentionPatterns } from "./mention.js";
import type { Policy } from "./policy.js";

/** What `groups` says about one chat, its own entry and `"*"` taken together. */
export interface ResolvedGroup {
  /** The chat, or `"*"`, is a key of `groups`; true for every chat while `groups` is empty (behaviour 4.2). */
  listed: boolean;
  enabled: boolean;
  requireMention: boolean;
  /** Whether the agent reads along what does not address it (behaviour 18.8). */
  listen: boolean;
  /** Absent when there is none, also when the chat's own entry says so with an empty string (behaviour 4.5). */
  systemPrompt?: string;
  /** The agent that answers here before any binding, and the path where it is named. */
  agent?: { id: string; key: string };
  /** The sender list that counts here, and the path where it is written. */
  senders: { list: Allowlist; key: string };
  /** The paths whose change would change `enabled`, `requireMention` and `listen`. */
  keys: { enabled: string; requireMention: string; listen: string };
}

/**
 * Whether a row's chat is judged as a group: as reported, because its `chat_id` is a key of `groups`, or because what is
 * known of it shows several people, for such threads may arrive with `is_group` false (behaviour 4.1).
 */
export function isGroupish(
  { chat, destination }: Pick<MessageRow, "chat" | "destination">,
  policy: Policy,
): boolean {
  return policy.groups.has(String(chat.id)) || hasSeveralPeople(chat, destination);
}

/** Resolves the options of a chat: its own entry first, then `"*"`, key by key. */
export function groupOptions(chatId: number, policy: Policy): ResolvedGroup {
  const own = policy.groups.get(String(chatId));
  const wildcard = policy.groups.get("*");
  const prompt = own?.options.systemPrompt ?? wildcard?.options.systemPrompt;
  const agentId = own?.options.agentId ?? wildcard?.options.agentId;
  const agentEntry = own?.options.agentId === undefined ? "*" : String(chatId);
  const decidesOnMention = own && (own.options.requireMention !== undefined || !wildcard);
  // Naming a chat in `groups` beats a wildcard that turns the others off.
  const deciding = own ?? wildcard;
  return {
    listed: policy.groups.size === 0 || deciding !== undefined,
    enabled: deciding?.options.enabled ?? true,
    requireMention: own?.options.requireMention ?? wildcard?.options.requireMention ?? true,
    listen: own?.options.listen ?? wildcard?.options.listen ?? false,
    ...(prompt ? { systemPrompt: prompt } : {}),
    ...(agentId === undefined
      ? {}
      : { agent: { id: agentId, key: policy.keyOf("groups", agentEntry, "agentId") } }),
    senders: groupSenders(chatId, policy),
    keys: {
      enabled: policy.keyOf("groups", own ? String(chatId) : "*", "enabled"),
      // With `groups` empty an entry for this chat alone would shut out every other one, so `"*"` is named.
      requireMention: policy.keyOf("groups", decidesOnMention ? String(chatId) : "*", "requireMention"),
      listen: policy.keyOf("groups", own?.options.listen === undefined ? "*" : String(chatId), "listen"),
    },
  };
}

/**
 * The mention patterns that count for an agent: its own when it sets them, else those of `messages`, else those of its
 * identity (behaviour 4.4).
 */
export function mentionsFor(agentId: string | undefined, policy: Policy): MentionPatterns {
  return (agentId === undefined ? undefined : policy.agentMentions.get(agentId)) ?? policy.mentions;
}

function groupSenders(chatId: number, policy: Policy): ResolvedGroup["senders"] {
  for (const id of [String(chatId), "*"]) {
    const list = policy.groups.get(id)?.allowFrom;
    if (list) return { list, key: policy.keyOf("groups", id, "allowFrom") };
  }
  if (policy.groupAllowFrom) return { list: policy.groupAllowFrom, key: policy.keyOf("groupAllowFrom") };
  return { list: policy.allowFrom, key: policy.keyOf("allowFrom") };
}
