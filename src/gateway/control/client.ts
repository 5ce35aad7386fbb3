import { connect } from "node:net";
import { LineSplitter, TapbackError } from "../../platform/index.js";
import { readGatewayInfo } from "../lock.js";

const maxLineBytes = 16 * 1024 * 1024;

/**
 * Asks the gateway of a state directory.
 * @param timeoutMs how long its answer may take
 * @returns its answer; undefined when no gateway runs there
 * @throws what the gateway answered as an error; `GATEWAY_SILENT` when it did not answer in time
 */
export async function askGateway(
  stateDir: string,
  method: string,
  params: Record<string, unknown> = {},
  timeoutMs = 30_000,
): Promise<{ result: unknown } | undefined> {
  const info = readGatewayInfo(stateDir);
  if (!info) return undefined;
  return new Promise((resolve, reject) => {
    const socket = connect(info.socket);
    const timer = setTimeout(() => {
      socket.destroy();
      reject(
        new TapbackError(
          "GATEWAY_SILENT",
          `the gateway (pid ${info.pid}) did not answer within ${timeoutMs} ms`,
        ),
      );
    }, timeoutMs);
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      socket.destroy();
      settle();
    };
    const lines = new LineSplitter(maxLineBytes, (line) => {
      const { result, error } = JSON.parse(line) as {
        result?: unknown;
        error?: { code: string; message: string; hint?: string };
      };
      finish(() =>
        error
          ? reject(new TapbackError(error.code, error.message, error.hint ? { hint: error.hint } : {}))
          : resolve({ result }),
      );
    });
    socket.on("connect", () => socket.write(`${JSON.stringify({ id: 1, method, params })}\n`));
    socket.on("data", (chunk) => lines.push(chunk));
    // Nobody listens: what the file says is left over from a gateway that was killed.
    socket.on("error", () => finish(() => resolve(undefined)));
    socket.on("close", () => finish(() => resolve(undefined)));
  });
}
