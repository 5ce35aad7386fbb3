import { remedyOf } from "../../platform/error-codes/index.js";
import { TapbackError } from "../../platform/index.js";
import type { Turn } from "../../store/index.js";

/** A turn took longer than it may. @param ms its limit */
export function timedOut(turn: Turn, ms: number): TapbackError {
  return new TapbackError("AGENT_TIMEOUT", `agent ${turn.agentId} did not finish within ${ms / 1000} s`, {
    hint: "Raise agents.defaults.timeoutSeconds, or find out what the agent waits for.",
  });
}

/** An agent came to a limit of its own before it said or did anything. @param limit which, in its words */
export function atLimit({ agentId }: Turn, limit: string): TapbackError {
  return new TapbackError("AGENT_LIMIT", `agent ${agentId} gave no answer: ${limit}`, {
    hint: remedyOf("AGENT_LIMIT"),
  });
}

/** The process ended over a turn as often as it may. */
export function deadly(turn: Turn): TapbackError {
  return new TapbackError(
    "TURN_CRASHED",
    `the gateway ended ${turn.deaths} times over the long answer of this turn`,
    {
      hint: "Look into the gateway's log for the end of the process; tapback retry runs the message once more.",
    },
  );
}
