import type { Decision, MessageRow } from "../conversation/index.js";
import { type Match, matchAllowlist } from "./allowlist.js";
import type { GroupCase } from "./case.js";
import { writtenText } from "./content.js";
import { mentionsFor } from "./groups.js";
import type { Refused } from "./trail.js";

/**
 * The gates of a group before the mention gate, in the order of behaviour 4.2.
 * @param it.sender, not empty
 * @returns the refusal, or undefined when the sender is let in
 */
export function groupGates(it: GroupCase): Decision | undefined {
  const { message, policy, group, trail } = it;
  const policyKey = policy.groupPolicyKey;
  const listKey = policy.keyOf("groups");
  const isShownByPeople = !message.chat.isGroup && !policy.groups.has(String(message.chat.id));
  if (isShownByPeople)
    trail.note("groups", "Several people read this thread, so it is judged as a group.", listKey);
  const drop = (refused: Refused) =>
    trail.drop(isShownByPeople ? { ...refused, more: threadRemedy(message.chat.id, listKey) } : refused);
  if (policy.groupPolicy === "disabled")
    return drop({
      gate: "groupPolicy",
      reason: "group_disabled",
      names: { groupPolicy: policyKey },
      key: policyKey,
    });
  trail.note(
    "groupPolicy",
    `The policy for groups is ${policy.groupPolicy}.`,
    policyKey,
    policy.configured ? {} : { warning: "channel_block_missing" },
  );
  if (policy.groupPolicy === "allowlist") {
    const refusal = senderGate(it, drop);
    if (refusal) return refusal;
  }
  if (!group.listed)
    return drop({
      gate: "groups",
      reason: "group_not_listed",
      names: { chat: String(message.chat.id), groups: listKey },
      key: listKey,
    });
  if (policy.groups.size > 0) trail.note("groups", "The group is listed.", listKey);
  if (!group.enabled)
    return drop({
      gate: "enabled",
      reason: "group_chat_disabled",
      names: { enabled: group.keys.enabled },
      key: group.keys.enabled,
    });
  return undefined;
}

/**
 * How the sender is in the list that counts for the group: by name, with everyone, or with the chat alone, which lets talk
 * but uses no commands (behaviour 4.7). Approvals by pairing are not asked (behaviour 3.4).
 * @returns undefined for who is not in it
 */
export function listedInGroup({ message, sender, policy, group }: GroupCase): Match | undefined {
  const { list } = group.senders;
  const match = matchAllowlist(list, sender, message.chat, policy.region);
  return match === "chat" && list.everyone ? "everyone" : match;
}

/**
 * The mention gate (behaviour 4.4).
 * @returns the message as context, or undefined when it passes
 */
export function mentionGate({ message, policy, facts, group, trail }: GroupCase): Decision | undefined {
  const key = group.keys.requireMention;
  if (!group.requireMention) {
    trail.note("mention", "No mention is asked for in this group.", key);
    return undefined;
  }
  if (facts.refersToOurs) {
    trail.note(
      "mention",
      "The message answers one of ours, or is in a thread in which we answered, which counts as a mention.",
      key,
    );
    return undefined;
  }
  const mentions = mentionsFor(facts.agentId, policy);
  if (mentions.count === 0) {
    trail.note(
      "mention",
      "A mention is asked for, but neither mention patterns nor an identity.name of the agent are set, so every message passes.",
      "messages.groupChat.mentionPatterns",
      { warning: "mention_patterns_missing" },
    );
    return undefined;
  }
  const pattern = mentions.find(mentionableText(message));
  if (pattern !== undefined) {
    trail.note("mention", `The text matches the mention pattern ${pattern}.`, key);
    return undefined;
  }
  if (mentions.byDefault)
    trail.note(
      "mention",
      "No mention patterns are set, so the agent's identity.name and identity.emoji count, and other messages of groups are kept as context.",
      "messages.groupChat.mentionPatterns",
      { warning: "mention_by_identity" },
    );
  if (group.listen)
    trail.note(
      "listen",
      "The agent reads along in this group, and hears of the message when it is quiet.",
      group.keys.listen,
    );
  return trail.context({
    gate: "mention",
    reason: "not_mentioned",
    names: { requireMention: key },
    key,
  });
}

function senderGate(it: GroupCase, drop: (refused: Refused) => Decision): Decision | undefined {
  const { sender, policy, group, trail } = it;
  const { list, key } = group.senders;
  if (listedInGroup(it)) {
    trail.note("groupAllowFrom", "The sender or the group is listed.", key);
    return undefined;
  }
  // With nobody in allowFrom, setting groupAllowFrom lets the sender into groups alone and takes nothing from others.
  const isFallback = list === policy.allowFrom && policy.groupAllowFrom === undefined;
  const isEmpty = !list.everyone && list.handles.size + list.chatIds.size + list.chatKeys.size === 0;
  const remedyKey = isFallback && isEmpty ? policy.keyOf("groupAllowFrom") : key;
  return drop({
    gate: "groupAllowFrom",
    reason: "group_sender_not_allowed",
    names: { sender, list: remedyKey },
    key: remedyKey,
    decidedBy: key,
  });
}

/** Says how to set up a thread of several people that Messages does not report as a group (behaviour 4.1). */
function threadRemedy(chatId: number, groupsKey: string): string {
  return `Several people read this thread, so it is a group: name ${chatId} in ${groupsKey} to say who may write there.`;
}

/** Gives the text in which a mention is looked for. The row of a poll has no text, so its question counts. */
function mentionableText(message: MessageRow): string {
  const question = message.poll?.question;
  return [writtenText(message), typeof question === "string" ? question : ""].join("\n");
}
