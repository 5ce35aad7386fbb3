import type { Decision } from "../conversation/index.js";
import type { Case } from "./case.js";

/** Whether the agent is told of a tapback (behaviour 9.8). */
export function tapbackGate({ policy, facts, trail }: Case): Decision {
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
