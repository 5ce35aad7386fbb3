import type { Decision } from "../conversation/index.js";
import type { Case } from "./case.js";

/** The gates of chats in which the agent keeps quiet for a while (behaviour 9.2, 10.4). */
export function quietGates({ policy, facts, trail }: Case): Decision | undefined {
  if (facts.hushed) {
    const key = policy.keyOf("handoff.quietMinutes");
    return trail.drop({
      gate: "handoff",
      reason: "hushed",
      names: { quietMinutes: key },
      key,
    });
  }
  if (facts.looping)
    return trail.drop({
      gate: "loop",
      reason: "loop_guard",
    });
  return undefined;
}
