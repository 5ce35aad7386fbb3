import { realpath } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { cutText } from "../../conversation/index.js";
import { type Clock, TapbackError } from "../../platform/index.js";
import type { Agent, AgentEvent, AgentTurn } from "../contract.js";
import type { AgentDefinition, AgentDeps, HttpSettings } from "../definition.js";
import { mediaRoots } from "../media.js";
import { acceptedEncodings, readBody, textOf } from "./body.js";
import { isFile, keepFile } from "./file-answer.js";
import { type Post, post } from "./post.js";
import { readReply } from "./reply.js";
import { retryAfterMs } from "./retry-after.js";
import { signatureHeaders } from "./signature.js";

const maxTries = 4;
const firstWaitMs = 250;

/**
 * A web service (behaviour 6.1 `http`): the envelope is posted, signed; the answer is in the response, as text or as
 * events. It is asked again only when nothing was done: no connection came about, or it said 429 or 503 with
 * `Retry-After`. The turn's id goes along as `Idempotency-Key`.
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
  const response = await send(settings, url, clock, turn, signal);
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
    return;
  }
  yield* readReply(textOf(body, type), type, turn, mediaRoots(turn, definition.workspace));
}

async function send(
  settings: HttpSettings,
  url: URL,
  clock: Clock,
  turn: AgentTurn,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const body = JSON.stringify(turn.envelope);
  for (let tries = 1; ; tries += 1) {
    const answer = await post(request(settings, url, body, turn), clock, signal);
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

function request({ headers, secret }: HttpSettings, url: URL, body: string, turn: AgentTurn): Post {
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
      "idempotency-key": turnId,
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
