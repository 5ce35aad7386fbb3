import { TapbackError } from "../../platform/index.js";

/** AGENT_OUTPUT: a page is for browsers; most are of a login or a proxy that stands before the service. */
export function webPage(): TapbackError {
  return new TapbackError("AGENT_OUTPUT", "The service's answer cannot be read: it is text/html", {
    hint: "A proxy or a login may stand before the service. If it answers itself, let it name its type: many frameworks (Express, Flask) call any text HTML until they are told text/plain.",
  });
}

/** AGENT_OUTPUT: the answer came, and cannot be used. */
export function unreadable(why: string): TapbackError {
  return new TapbackError("AGENT_OUTPUT", `The service's answer cannot be read: ${why}`, {
    hint: "Answer with text/plain, with application/json holding one event or a list of events, or with a picture or recording under its own type.",
  });
}
