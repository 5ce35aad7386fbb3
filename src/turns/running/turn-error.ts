import { errorTexts, remedyOf } from "../../platform/error-codes/index.js";
import { messageOf, TapbackError } from "../../platform/index.js";
import type { TurnError } from "../../store/index.js";

/** Most that is kept of what an agent or its provider said; the end of it, where programs say what was wrong. */
const mostCause = 2000;

/**
 * Says why a turn failed, with everything that helps whoever looks after the agent (behaviour 6.2).
 * @param mask takes secrets out of what an agent or its provider said
 */
export function turnErrorOf(error: unknown, mask: (text: string) => string): TurnError {
  const message = mask(messageOf(error));
  if (!(error instanceof TapbackError))
    return { code: "AGENT_FAILED", message, hint: errorTexts.AGENT_FAILED.remedy };
  const { code, hint = remedyOf(code) } = error;
  const cause = error.cause === undefined ? "" : mask(messageOf(error.cause)).trim().slice(-mostCause);
  return {
    code,
    message,
    hint,
    ...(cause !== "" && !message.includes(cause) && { cause }),
  };
}
