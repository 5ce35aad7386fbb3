import { chmodSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { LineSplitter, messageOf, TapbackError } from "../platform/index.js";
import { maxLineBytes } from "./line-length.js";
import { Requests } from "./requests.js";
import { type ControlMethods, controlParameters, isControlMethod } from "./table.js";

/**
 * Serves the control socket: one JSON object per line, `{ id, method, params }`, answered by `{ id, result }` or
 * `{ id, error: { code, message, hint? } }`. The file is for its owner alone (0600).
 * @returns the function that ends it
 */
export async function serveControl(path: string, methods: ControlMethods): Promise<() => Promise<void>> {
  clear(path);
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    const left = new AbortController();
    const requests = new Requests(socket, (line) => answer(line, methods, socket, left.signal));
    const lines = new LineSplitter(
      maxLineBytes,
      (line) => requests.add(line),
      (bytes) => reply(socket, { id: null, error: told(tooLong(bytes)) }),
    );
    socket.on("data", (chunk) => lines.push(chunk));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      sockets.delete(socket);
      left.abort();
    });
  });
  const umask = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(path, resolve);
    });
  } finally {
    process.umask(umask);
  }
  chmodSync(path, 0o600);
  return () =>
    new Promise((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
}

/** What a killed gateway left. @throws `STATE_UNWRITABLE` */
function clear(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch (error) {
    throw new TapbackError("STATE_UNWRITABLE", `the control socket cannot be made: ${messageOf(error)}`, {
      hint: `Move ${path} away.`,
      cause: error,
    });
  }
}

async function answer(
  line: string,
  methods: ControlMethods,
  socket: Socket,
  left: AbortSignal,
): Promise<void> {
  let id: unknown = null;
  try {
    const request = JSON.parse(line) as { id?: unknown; method?: unknown; params?: unknown } | null;
    id = request?.id ?? null;
    const method = request?.method;
    if (!isControlMethod(method))
      throw new TapbackError("UNKNOWN_METHOD", `the gateway does not know ${String(method)}`);
    const ask = methods[method] as (given: unknown, left: AbortSignal) => Promise<unknown>;
    const result = (await ask(controlParameters(method, request?.params ?? {}), left)) ?? null;
    reply(socket, { id, result });
  } catch (error) {
    reply(socket, { id, error: told(error) });
  }
}

function reply(socket: Socket, body: Record<string, unknown>): void {
  if (!socket.destroyed) socket.write(`${JSON.stringify(body)}\n`);
}

function told(error: unknown): { code: string; message: string; hint?: string } {
  const known = error instanceof TapbackError ? error : new TapbackError("CONTROL_FAILED", messageOf(error));
  return { code: known.code, message: known.message, ...(known.hint && { hint: known.hint }) };
}

/** What is not kept cannot be done: whoever asks waits for no answer that never comes. */
function tooLong(bytes: number): TapbackError {
  return new TapbackError(
    "CONTROL_PARAMETERS",
    `a request of ${bytes} bytes is longer than the ${maxLineBytes} that the gateway takes`,
    { hint: "Name a file by its path (media, path or filePath), not by its bytes." },
  );
}
