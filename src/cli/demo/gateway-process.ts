import { askGateway } from "../../control/index.js";
import { sleep, TapbackError } from "../../platform/index.js";
import type { Programs } from "./programs.js";

/** How long a gateway may take until it is connected, milliseconds; half a second is usual. */
const startMs = 15_000;
const lookMs = 25;
const keptLines = 20;

/**
 * Starts `tapback gateway` as the process that a person would start: what the demo shows is what there is, its work never
 * holds up the screen, and `tapback pairing approve` meets it as it does in earnest.
 * @param onLine gets each line of its log (JSON)
 * @returns when it is connected to Messages
 * @throws `DEMO_GATEWAY_FAILED` when it ends first or takes too long; `DEMO_INTERRUPTED`
 */
export async function startGateway(
  programs: Programs,
  stateDir: string,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const child = programs.start("tapback", ["gateway"]);
  const last: string[] = [];
  let rest = "";
  child.stdout!.resume();
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    last.push(...lines);
    last.splice(0, last.length - keptLines);
    lines.forEach(onLine);
  });
  let ended: string | undefined;
  child.on("exit", (code, signal) => {
    ended = `it ended with ${signal ?? `code ${code}`}`;
  });
  child.on("error", (error) => {
    ended = error.message;
  });
  for (let waited = 0; waited < startMs && ended === undefined; waited += lookMs) {
    if (await isConnected(stateDir)) return;
    if (!(await sleep(lookMs, signal))) throw new TapbackError("DEMO_INTERRUPTED", "interrupted");
  }
  throw new TapbackError(
    "DEMO_GATEWAY_FAILED",
    `the gateway did not start: ${ended ?? `it was not connected after ${startMs / 1000} s`}`,
    last.length > 0 ? { hint: [...last, rest].join("\n").trim() } : {},
  );
}

async function isConnected(stateDir: string): Promise<boolean> {
  const answer = await askGateway(stateDir, "status", {}, 2000).catch(() => undefined);
  return answer?.result.accounts.every(({ connected }) => connected) ?? false;
}
