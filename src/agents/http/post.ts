import type { IncomingMessage } from "node:http";
import { type Clock, deadline, err, messageOf, ok, type Result, TapbackError } from "../../platform/index.js";

/** What is posted. */
export interface Post {
  url: URL;
  headers: Record<string, string>;
  body: string;
}

const connectMs = 10_000;

/**
 * Posts once, on a connection of its own, so that it is known whether anything was sent. Redirects are not followed.
 * @returns the response as soon as its head is there; AGENT_HTTP_UNREACHABLE (retryable: surely nothing was sent) or
 *   AGENT_HTTP_LOST (the connection broke after the request may have been sent)
 * @throws the signal's reason
 */
export async function post(
  { url, headers, body }: Post,
  clock: Pick<Clock, "now" | "after">,
  signal: AbortSignal,
): Promise<Result<IncomingMessage, TapbackError>> {
  const { request } = await (url.protocol === "https:" ? import("node:https") : import("node:http"));
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    let connected = false;
    let hasAnswered = false;
    const bytes = Buffer.from(body);
    const call = request(url, {
      method: "POST",
      agent: false,
      headers: { ...headers, "content-length": bytes.length },
    });
    const stopTimer = deadline(clock, connectMs, () =>
      call.destroy(new Error(`no connection within ${connectMs / 1000} s`)),
    );
    const abort = () => call.destroy();
    signal.addEventListener("abort", abort, { once: true });
    call.on("socket", (socket) => {
      // A TLS socket is of use only after its handshake; the request is written after that.
      socket.once(url.protocol === "https:" ? "secureConnect" : "connect", () => {
        connected = true;
        stopTimer();
      });
    });
    call.once("response", (response) => {
      hasAnswered = true;
      // An abort while the body is read ends it with an error.
      response.once("close", () => signal.removeEventListener("abort", abort));
      resolve(ok(response));
    });
    const failed = (error: Error) => {
      stopTimer();
      signal.removeEventListener("abort", abort);
      if (signal.aborted) reject(signal.reason);
      else resolve(err(connected ? lost(url, error) : unreachable(url, error)));
    };
    call.on("error", failed);
    // A service that wants to speak another protocol (101) is hung up on, and no error tells of that.
    call.once("close", () => {
      if (!hasAnswered) failed(new Error("it ended without an answer"));
    });
    call.end(bytes);
  });
}

function unreachable(url: URL, error: Error): TapbackError {
  return new TapbackError("AGENT_HTTP_UNREACHABLE", `${url.host} cannot be reached: ${messageOf(error)}`, {
    hint: "Check the agent's `runtime.url` and that the service runs.",
    retryable: true,
    cause: error,
  });
}

/** AGENT_HTTP_LOST: the answer did not come to its end, and asking again could do the work twice. */
export function lost(url: URL, error: unknown): TapbackError {
  return new TapbackError("AGENT_HTTP_LOST", `The connection to ${url.host} broke: ${messageOf(error)}`, {
    cause: error,
  });
}
