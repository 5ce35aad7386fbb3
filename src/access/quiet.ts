import type { Decision } from "../conversation/index.js";
import type { Case } from "./case.js";

/** The gates of chats in which the agent keeps quiet for a while (behaviour 9.2, 10.4). */
export function quietGates({ policy, facts, trail }: Case): Decision | undefined {
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
