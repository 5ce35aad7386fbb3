import { TapbackError } from "../../platform/index.js";

/** AGENT_OUTPUT: the answer came, and cannot be used. */
export function unreadable(why: string): TapbackError {
  return new TapbackError("AGENT_OUTPUT", `The service's answer cannot be read: ${why}`, {
    hint: "Answer with text/plain, with application/json holding one event or a list of events, or with a picture or recording under its own type.",
  });
}
