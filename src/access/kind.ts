import type { Decision, MessageRow } from "../conversation/index.js";
import { writtenText } from "./content.js";
import type { Facts } from "./facts.js";
import type { Policy } from "./policy.js";
import type { Trail } from "./trail.js";

/** Whether the agent is told of a tapback (behaviour 9.8). */
export function tapbackGate(policy: Policy, facts: Facts, trail: Trail): Decision {
  const key = policy.keyOf("reactionNotifications");
  const refused = { gate: "reactionNotifications", key };
  if (policy.reactionNotifications === "off")
    return trail.drop({
      ...refused,
      reason: "tapback_off",
      detail: "The agent is not told of tapbacks.",
      remedy: `Set ${key} to own or all.`,
    });
  if (policy.reactionNotifications === "own" && !facts.refersToOurs)
    return trail.drop({
      ...refused,
      reason: "tapback_not_ours",
      detail: "The tapback is not on a message of ours.",
      remedy: `Set ${key} to all.`,
    });
  return trail.context({
    gate: refused.gate,
    decidedBy: key,
    reason: "tapback",
    detail: "The tapback is told to the agent with its next turn.",
    remedy: "Write a message to have it answered.",
  });
}

/** Messages that are files and nothing else (behaviour 7.1). */
export function attachmentsGate(message: MessageRow, policy: Policy, trail: Trail): Decision | undefined {
  if (message.attachments.length === 0) return undefined;
  const key = policy.keyOf("includeAttachments");
  if (!policy.includeAttachments && writtenText(message) === "" && !message.poll)
    return trail.drop({
      gate: "includeAttachments",
      reason: "attachments_only",
      detail: "The message has attachments only, and these are not taken in.",
      remedy: `Set ${key} to true.`,
      key,
    });
  trail.note(
    "includeAttachments",
    `Attachments are ${policy.includeAttachments ? "taken in" : "left out"}.`,
    key,
  );
  return undefined;
}

/** Chats in which the agent keeps quiet for a while (behaviour 9.2, 10.4). */
export function quietGates(policy: Policy, facts: Facts, trail: Trail): Decision | undefined {
  if (facts.hushed) {
    const key = policy.keyOf("handoff.quietMinutes");
    return trail.drop({
      gate: "handoff",
      reason: "hushed",
      detail: "The account's human wrote here lately, so the agent keeps quiet.",
      remedy: `Use a command, wait, or set ${key} to 0.`,
      key,
    });
  }
  if (facts.looping)
    return trail.drop({
      gate: "loop",
      reason: "loop_guard",
      detail: "The chat answered itself too often without new words.",
      remedy: "It is let go after a pause; then run retry.",
    });
  return undefined;
}
