import { TapbackError } from "../../platform/index.js";
import type { ChildEnd } from "../process/child.js";

/** AGENT_EXIT, with the end of stderr as the cause: for the log and the owner, never for the chat (behaviour 6.2). */
export function exitError(command: string, end: ChildEnd, stderr: string): TapbackError {
  const how = end.signal === null ? `with exit code ${end.code}` : `by ${end.signal}`;
  return new TapbackError("AGENT_EXIT", `The program "${command}" ended ${how}`, {
    hint: `${stderr === "" ? "It wrote nothing to stderr" : "Its stderr, in the log, says why"}; run it by hand with an envelope on stdin to try it.`,
    ...(stderr === "" ? {} : { cause: new Error(stderr) }),
  });
}

const format =
  'The format is described with the `command` runtime: text, or one JSON event per line with `output: "jsonl"`.';

/** AGENT_OUTPUT: what the program wrote cannot be taken as an answer. */
export function outputError(message: string, hint = format): TapbackError {
  return new TapbackError("AGENT_OUTPUT", message, { hint });
}
