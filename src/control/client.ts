import { connect } from "node:net";
import { codeFromOutside, LineSplitter, TapbackError } from "../platform/index.js";
import { maxLineBytes } from "./line-length.js";
import { readGatewayInfo } from "./lock.js";
import { checkSocketFolder } from "./socket-path.js";
import { type ControlMethod, type ControlParameters, type ControlResult, controlResult } from "./table.js";

/**
 * Asks the gateway of a state directory.
 * @param method one of `controlTable`
 * @param timeoutMs how long its answer may take
 * @param left aborts when nobody waits any more: the gateway sees that
 * @returns its answer; undefined when no gateway runs there
 * @throws what the gateway answered as an error; where nobody can tell whether it was done: `GATEWAY_SILENT` when it
 *   did not answer in time, `GATEWAY_LOST` when it ended before; `GATEWAY_UNREACHABLE` when something else listens there;
 *   `SOCKET_UNSAFE` when others may have put the socket there; `CONTROL_RESULT` when its answer has another form than
 *   this version knows, or is too long
 */
export async function askGateway<M extends ControlMethod>(
  stateDir: string,
  method: M,
  params: ControlParameters<M>,
  timeoutMs = 30_000,
  left?: AbortSignal,
): Promise<{ result: ControlResult<M> } | undefined> {
  const answer = await request(stateDir, method, params, timeoutMs, left);
  return answer && { result: controlResult(method, answer.result) };
}

async function request(
  stateDir: string,
  method: string,
  params: object,
  timeoutMs: number,
  left: AbortSignal | undefined,
): Promise<{ result: unknown } | undefined> {
  const info = readGatewayInfo(stateDir);
  // A command that holds the directory listens nowhere, nor does one that died with it.
  if (!info || info.socket === "") return undefined;
  checkSocketFolder(info.socket, stateDir);
  return new Promise((resolve, reject) => {
    const socket = connect(info.socket);
    const timer = setTimeout(() => {
      socket.destroy();
      reject(
        new TapbackError(
          "GATEWAY_SILENT",
          `the gateway (pid ${info.pid}) did not answer within ${timeoutMs} ms`,
          {
            hint: `It may still do what was asked: look before you repeat it. If it hangs: kill ${info.pid}`,
          },
        ),
      );
    }, timeoutMs);
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      socket.destroy();
      settle();
    };
    const read = (line: string) => {
      const answer = parseAnswer(line);
      finish(() => {
        if (!answer) return reject(notAGateway(info.socket));
        const { result, error } = answer;
        if (!error) return resolve({ result });
        reject(
          new TapbackError(
            codeFromOutside(error.code),
            error.message,
            error.hint ? { hint: error.hint } : {},
          ),
        );
      });
    };
    const lines = new LineSplitter(maxLineBytes, read, (bytes) =>
      finish(() => reject(tooLong(method, bytes))),
    );
    let asked = false;
    socket.on("connect", () => {
      asked = true;
      socket.write(`${JSON.stringify({ id: 1, method, params })}\n`);
    });
    socket.on("data", (chunk) => lines.push(chunk));
    // Nobody listens: what the file says is left over from a gateway that was killed.
    const over = () => finish(() => (asked ? reject(lost(info.pid)) : resolve(undefined)));
    socket.on("error", over);
    socket.on("close", over);
    left?.addEventListener("abort", over, { once: true });
    if (left?.aborted) over();
  });
}

interface ControlAnswer {
  result?: unknown;
  error?: { code: string; message: string; hint?: string };
}

function parseAnswer(line: string): ControlAnswer | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && "id" in value
      ? (value as ControlAnswer)
      : undefined;
  } catch {
    return undefined;
  }
}

function notAGateway(socket: string): TapbackError {
  return new TapbackError("GATEWAY_UNREACHABLE", `what listens on ${socket} is no gateway`, {
    hint: "End the program that made this socket, then start the gateway again.",
  });
}

function tooLong(method: string, bytes: number): TapbackError {
  return new TapbackError("CONTROL_RESULT", `the gateway's answer to ${method} is too long: ${bytes} bytes`, {
    hint: "It may have done what was asked: look before you repeat it.",
  });
}

/** Not "none runs": what was asked may be done, and doing it again could double a message. */
function lost(pid: number): TapbackError {
  return new TapbackError("GATEWAY_LOST", `the gateway (pid ${pid}) ended before it answered`, {
    hint: "It may have done what was asked, or do it at its next start: look before you repeat it.",
  });
}
