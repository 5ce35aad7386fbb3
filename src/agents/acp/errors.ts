import { RequestError } from "@agentclientprotocol/sdk";
import { cutText } from "../../conversation/index.js";
import { messageOf, TapbackError } from "../../platform/index.js";
import type { ChildEnd } from "../process/child.js";

/** Codes of the protocol: authentication required, resource (a session) not found. */
const authRequired = -32000;
const notFound = -32002;
const maxDetail = 1000;

/**
 * Maps what an agent answered with to a sentence for the owner; its own words are the cause.
 * @param logins names of the agent's ways to log in
 * @returns AGENT_LOGIN, AGENT_SESSION_LOST or AGENT_PROTOCOL
 */
export function agentError(name: string, error: unknown, logins: string[]): TapbackError {
  if (error instanceof TapbackError) return error;
  const cause = new Error(cutText(`${messageOf(error)}${detailOf(error)}`, maxDetail));
  if (error instanceof RequestError && error.code === authRequired)
    return new TapbackError("AGENT_LOGIN", `${name} asks for a login`, {
      hint: `Start it once by hand on the gateway's machine and log in${logins.length > 0 ? ` (${logins.join(", ")})` : ""}, as the user that runs the gateway.`,
      cause,
    });
  if (error instanceof RequestError && error.code === notFound)
    return new TapbackError("AGENT_SESSION_LOST", `${name} does not know the session any more`, { cause });
  return new TapbackError("AGENT_PROTOCOL", `${name} answered with an error: ${cause.message}`, {
    hint: "The agent's own log says more; `tapback agents try` runs it alone.",
    cause,
  });
}

/** AGENT_CRASHED: the process ended, or closed its connection, while something was asked of it. */
export function crashed(name: string, end: ChildEnd | undefined, stderr: string): TapbackError {
  const how =
    end === undefined
      ? "closed its connection"
      : end.signal
        ? `ended by ${end.signal}`
        : `ended with exit code ${end.code}`;
  return new TapbackError("AGENT_CRASHED", `${name} ${how} in the middle of its work`, {
    hint: "It is started again with the next message. Its stderr, in the log, says why.",
    retryable: true,
    ...(stderr === "" ? {} : { cause: new Error(stderr) }),
  });
}

/** AGENT_CLOSED: the process was ended on purpose, by a reset or a shutdown, under a running turn. */
export function closed(name: string): TapbackError {
  return new TapbackError("AGENT_CLOSED", `${name} was ended while it worked`);
}

/** AGENT_NO_ANSWER: the process runs, and does not answer as the protocol asks. */
export function noAnswer(name: string, what: string, ms: number, stderr: string): TapbackError {
  return new TapbackError(
    "AGENT_NO_ANSWER",
    `${name} did not answer \`${what}\` within ${Math.round(ms / 1000)} s`,
    {
      hint: "Check that the command speaks the Agent Client Protocol on stdio; a first start through npx also downloads it.",
      ...(stderr === "" ? {} : { cause: new Error(stderr) }),
    },
  );
}

function detailOf(error: unknown): string {
  const data = error instanceof RequestError ? error.data : undefined;
  return data === undefined || data === null ? "" : ` ${JSON.stringify(data)}`;
}
