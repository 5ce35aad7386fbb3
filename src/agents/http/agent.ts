import { realpath } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { cutText } from "../../conversation/index.js";
import { type Clock, signatureHeaders, TapbackError } from "../../platform/index.js";
import type { Agent, AgentEvent, AgentTurn } from "../contract.js";
import type { AgentDefinition, AgentDeps, HttpSettings } from "../definition.js";
import { mediaRoots } from "../media.js";
import { acceptedEncodings, readBody, textOf } from "./body.js";
import { isFile, keepFile } from "./file-answer.js";
import { type Post, post } from "./post.js";
import { type ActionResult, readReply } from "./reply.js";
import { retryAfterMs } from "./retry-after.js";

const maxTries = 4;
const firstWaitMs = 250;
/** How often a service is asked in one turn: once, and again with the results of its actions. */
const maxRounds = 11;

/**
 * A web service (behaviour 6.1 `http`): the envelope is posted, signed; the answer is in the response, as text or as
 * events. It is asked again only when nothing was done: no connection came about, or it said 429 or 503 with
 * `Retry-After`. The turn's id goes along as `Idempotency-Key`. A service that goes on is posted the results of its actions.
 */
export function createHttpAgent(
  settings: HttpSettings,
  definition: Pick<AgentDefinition, "workspace">,
  { clock }: Pick<AgentDeps, "clock">,
): Agent {
  return {
    run: (turn, signal) => ask(settings, definition, clock, turn, signal),
    reset: async () => {},
    close: async () => {},
  };
}

async function* ask(
  settings: HttpSettings,
  definition: Pick<AgentDefinition, "workspace">,
  clock: Clock,
  turn: AgentTurn,
  signal: AbortSignal,
): AsyncGenerator<AgentEvent> {
  const url = new URL(settings.url);
  let results: ActionResult[] | undefined;
  for (let round = 1; round <= maxRounds; round += 1) {
    const asked = { url, round, body: JSON.stringify({ ...turn.envelope, ...(results && { results }) }) };
    results = yield* read(await send(settings, asked, clock, turn, signal), asked, definition, turn, signal);
    if (results === undefined) return;
    signal.throwIfAborted();
  }
  throw new TapbackError("AGENT_OUTPUT", `The service wanted to go on more than ${maxRounds - 1} times`);
}

/** One request of a turn. */
interface Asked {
  url: URL;
  body: string;
  /** From 1. */
  round: number;
}

/** @returns how the actions went, when the service goes on */
async function* read(
  response: IncomingMessage,
  { url }: Asked,
  definition: Pick<AgentDefinition, "workspace">,
  turn: AgentTurn,
  signal: AbortSignal,
): AsyncGenerator<AgentEvent, ActionResult[] | undefined> {
  const status = response.statusCode ?? 0;
  const isGood = status >= 200 && status <= 299;
  const body = await readBody(response, url, signal).catch((error) => {
    signal.throwIfAborted();
    if (isGood) throw error;
    // Its status says enough.
    return Buffer.alloc(0);
  });
  if (!isGood) throw refused(url, status, body.toString("utf8", 0, 10_000));
  const { "content-type": type = "", "content-disposition": disposition = "" } = response.headers;
  if (isFile(body, type)) {
    const path = await keepFile(body, type, disposition, turn.temporaryFolder);
    yield { type: "text", text: "", media: [await realpath(path)] };
    return undefined;
  }
  return yield* readReply(textOf(body, type), type, turn, mediaRoots(turn, definition.workspace), signal);
}

async function send(
  settings: HttpSettings,
  asked: Asked,
  clock: Clock,
  turn: AgentTurn,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  for (let tries = 1; ; tries += 1) {
    const answer = await post(request(settings, asked, turn), clock, signal);
    const wait = answer.ok
      ? waitOf(answer.value, turn.now())
      : answer.error.retryable
        ? firstWaitMs * 4 ** (tries - 1)
        : undefined;
    if (wait === undefined || tries === maxTries) {
      if (answer.ok) return answer.value;
      throw answer.error;
    }
    if (answer.ok) answer.value.destroy();
    await clock.sleep(wait, signal);
    signal.throwIfAborted();
  }
}

function request({ headers, secret }: HttpSettings, { url, body, round }: Asked, turn: AgentTurn): Post {
  const { turnId, sessionKey } = turn.envelope;
  return {
    url,
    body,
    headers: {
      accept: "application/json, application/x-ndjson, text/plain",
      "accept-encoding": acceptedEncodings,
      "content-type": "application/json",
      "user-agent": "tapback",
      ...headers,
      "idempotency-key": round === 1 ? turnId : `${turnId}-${round}`,
      "x-tapback-turn": turnId,
      "x-tapback-session": encodeURI(sessionKey),
      ...(secret === undefined ? {} : signatureHeaders(secret, body, turn.now())),
    },
  };
}

function waitOf(response: IncomingMessage, now: number): number | undefined {
  const busy = response.statusCode === 429 || response.statusCode === 503;
  return busy ? retryAfterMs(response.headers["retry-after"], now) : undefined;
}

/** AGENT_HTTP_STATUS, with the start of the body as the cause: for the log and the owner only (behaviour 6.2). */
function refused(url: URL, status: number, body: string): TapbackError {
  const redirect = status >= 300 && status <= 399;
  return new TapbackError("AGENT_HTTP_STATUS", `${url.host} answered with status ${status}`, {
    hint: redirect
      ? "Redirects are not followed: give the final address as the agent's `runtime.url`."
      : "The service's own log says why; the start of its answer is in the log.",
    retryable: status === 429 || status >= 500,
    cause: new Error(cutText(body, 2000)),
  });
}
