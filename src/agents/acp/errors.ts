import { RequestError } from "@agentclientprotocol/sdk";
import { cutText } from "../../conversation/index.js";
import { messageOf, TapbackError } from "../../platform/index.js";
import type { ChildEnd } from "../process/child.js";
import type { KnownAgent } from "./registry.js";

/** Codes of the protocol: authentication required, resource (a session) not found. */
const authRequired = -32000;
const notFound = -32002;
const maxDetail = 1000;

/**
 * Maps what an agent answered with to a sentence for the owner; its own words are the cause.
 * @param logins names of the agent's ways to log in
 * @param known what is known of the agent, which says more
 * @returns AGENT_LOGIN, AGENT_SESSION_LOST or AGENT_PROTOCOL
 */
export function agentError(name: string, error: unknown, logins: string[], known?: KnownAgent): TapbackError {
  if (error instanceof TapbackError) return error;
  const cause = new Error(cutText(`${messageOf(error)}${detailOf(error)}`, maxDetail));
  if (error instanceof RequestError && error.code === authRequired)
    return new TapbackError("AGENT_LOGIN", `${name} asks for a login`, {
      hint: loginHint(logins, known),
      cause,
    });
  if (error instanceof RequestError && error.code === notFound)
    return new TapbackError("AGENT_SESSION_LOST", `${name} does not know the session any more`, { cause });
  return new TapbackError("AGENT_PROTOCOL", `${name} answered with an error: ${cause.message}`, {
    hint: "The agent's own log says more; `tapback agents try` runs it alone.",
    cause,
  });
}

/** How its user logs in: as the registry has it, else by the names that the agent itself gives. */
function loginHint(logins: string[], known: KnownAgent | undefined): string {
  if (known === undefined)
    return `Start it once by hand on the gateway's machine and log in${logins.length > 0 ? ` (${logins.join(", ")})` : ""}, as the user that runs the gateway.`;
  const keys = known.keys === undefined ? "" : `, or give it ${known.keys.join(" or ")} in its \`env\``;
  return `Log in once on the gateway's machine, as the user that runs the gateway: ${known.login}${keys}.`;
}

/** What the machine's Node has to do with it, where it is too old for the agent. */
export function nodeHint(known: KnownAgent | undefined): string {
  const major = Number(process.versions.node.split(".")[0]);
  if (known?.node === undefined || major >= known.node) return "";
  return ` It needs Node ${known.node} or newer; the gateway runs on ${process.versions.node}.`;
}

/** AGENT_CRASHED: the process ended, or closed its connection, while something was asked of it. */
export function crashed(
  name: string,
  end: ChildEnd | undefined,
  stderr: string,
  known?: KnownAgent,
): TapbackError {
  const how =
    end === undefined
      ? "closed its connection"
      : end.signal
        ? `ended by ${end.signal}`
        : `ended with exit code ${end.code}`;
  return new TapbackError("AGENT_CRASHED", `${name} ${how} in the middle of its work`, {
    hint: `It is started again with the next message.${stderr === "" ? "" : " Its stderr, in the log, says why."}${nodeHint(known)}`,
    retryable: true,
    ...(stderr === "" ? {} : { cause: new Error(stderr) }),
  });
}

/** AGENT_CLOSED: the process was ended on purpose, by a reset or a shutdown, under a running turn. */
export function closed(name: string): TapbackError {
  return new TapbackError("AGENT_CLOSED", `${name} was ended while it worked`);
}

/** AGENT_NO_ANSWER: the process runs, and does not answer as the protocol asks. */
export function noAnswer(
  { name, known }: { name: string; known?: KnownAgent },
  what: string,
  ms: number,
  stderr: string,
): TapbackError {
  const fetches =
    known === undefined
      ? " a first start through npx also downloads it."
      : known.fetches === undefined
        ? ""
        : ` its first start downloads ${known.fetches}.`;
  return new TapbackError(
    "AGENT_NO_ANSWER",
    `${name} did not answer \`${what}\` within ${Math.round(ms / 1000)} s`,
    {
      hint: `Check that the command speaks the Agent Client Protocol on stdio${fetches === "" ? "." : `;${fetches}`}${nodeHint(known)}`,
      ...(stderr === "" ? {} : { cause: new Error(stderr) }),
    },
  );
}

function detailOf(error: unknown): string {
  const data = error instanceof RequestError ? error.data : undefined;
  return data === undefined || data === null ? "" : ` ${JSON.stringify(data)}`;
}
