import type { Target } from "../conversation/index.js";
import { chatKey } from "./allowlist.js";
import type { Policy } from "./policy.js";

/**
 * Whether the configuration itself lets a conversation in, also one in which nobody wrote yet: a person or a chat of
 * `allowFrom`, a chat of `groups` or `groupAllowFrom` (behaviour 10.3). What is open to everyone names nobody, and a person
 * who may write in groups is not named for a chat of their own.
 */
export function isNamedByPolicy(target: Target, policy: Policy): boolean {
  const { allowFrom, groupAllowFrom, groups, region } = policy;
  const direct = policy.dmPolicy === "disabled" ? [] : [allowFrom];
  const grouped = policy.groupPolicy === "disabled" || !groupAllowFrom ? [] : [groupAllowFrom];
  switch (target.kind) {
    case "handle":
      return direct.some(({ handles }) => handles.has(target.handle));
    case "chat_id": {
      if (groups.get(String(target.chatId))?.options.enabled === false) return false;
      const isGroup = policy.groupPolicy !== "disabled" && groups.has(String(target.chatId));
      return isGroup || [...direct, ...grouped].some(({ chatIds }) => chatIds.has(target.chatId));
    }
    case "chat_guid":
    case "chat_identifier": {
      const spelling = target.kind === "chat_guid" ? target.guid : target.identifier;
      return [...direct, ...grouped].some(({ chatKeys }) => chatKeys.has(chatKey(spelling, region)));
    }
  }
}
