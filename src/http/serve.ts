import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { awaitWithin, type Clock, errnoOf, messageOf, TapbackError } from "../platform/index.js";
import { isOwnHost } from "./own-host.js";
import { problemOf } from "./problem.js";
import type { Answer } from "./site.js";

/** Most bytes of a request's line and headers. */
const maxHeaderSize = 16 * 1024;
/** A request that came no further by then is dropped, milliseconds. */
const headersTimeout = 10_000;
const requestTimeout = 30_000;
/** How often Node looks for such requests: by so much later they are dropped at most, milliseconds. */
const connectionsCheckingInterval = 1000;
const mostConnections = 256;
/** How long answers under way may take at the end, milliseconds. */
const partingMs = 1000;

/** An open port. */
export interface OpenPort {
  port: number;
  /** Ends what is under way after a second. */
  close(): Promise<void>;
}

/**
 * Listens on an address.
 * @param port 0: any free one
 * @param answerOf who answers for a path
 * @throws `PORT_TAKEN`, `LISTEN_FAILED`
 */
export async function listen(
  host: string,
  port: number,
  answerOf: (path: string) => Answer | undefined,
  clock: Clock,
): Promise<OpenPort> {
  const server = createAdaptorServer({
    fetch(request) {
      if (!isOwnHost(request.headers.get("host"), host)) return problemOf("HOST_REFUSED", 421);
      const answer = answerOf(new URL(request.url).pathname);
      if (!answer) return problemOf("RESOURCE_UNKNOWN", 404);
      return request.method === "HEAD" ? headOf(request, answer) : answer(request);
    },
    overrideGlobalObjects: false,
    serverOptions: { maxHeaderSize, headersTimeout, requestTimeout, connectionsCheckingInterval },
  }) as Server;
  server.maxConnections = mostConnections;
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, () => resolve());
    });
  } catch (error) {
    throw errorOf(error, host, port);
  }
  // What goes wrong from now on goes wrong with one connection.
  server.on("error", () => {});
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      await awaitWithin(clock, partingMs, closed);
      server.closeAllConnections();
      await closed;
    },
  };
}

/** What a GET would be told, but its body: one that nobody reads is left, or a stream would be held for a reader for ever. */
async function headOf({ url, headers, signal }: Request, answer: Answer): Promise<Response> {
  const { body, status, headers: told } = await answer(new Request(url, { headers, signal }));
  await body?.cancel();
  return new Response(null, { status, headers: told });
}

function errorOf(error: unknown, host: string, port: number): TapbackError {
  if (errnoOf(error) === "EADDRINUSE")
    return new TapbackError("PORT_TAKEN", `port ${port} of ${host} is taken by another program`, {
      cause: error,
    });
  return new TapbackError("LISTEN_FAILED", `${host}:${port} cannot be listened on: ${messageOf(error)}`, {
    cause: error,
  });
}
