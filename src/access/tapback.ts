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
      names: { reactionNotifications: key },
    });
  if (policy.reactionNotifications === "own" && !facts.refersToOurs)
    return trail.drop({
      ...refused,
      reason: "tapback_not_ours",
      names: { reactionNotifications: key },
    });
  return trail.context({
    gate: refused.gate,
    decidedBy: key,
    reason: "tapback",
  });
}
