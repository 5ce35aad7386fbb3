import { runProgram } from "../../platform/index.js";
import { type ImsgCommand, programOf, startImsg } from "./command.js";
import { spawnReason } from "./exit-reason.js";
import { fault } from "./faults.js";

/** What one run of imsg printed. */
export interface Captured {
  /** Null when a signal ended it. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs imsg once to its end.
 * @param timeoutMs milliseconds after which it is killed, with all it started
 * @throws BridgeError when it could not be started, or `REQUEST_TIMEOUT`
 */
export async function capture(command: ImsgCommand, args: string[], timeoutMs: number): Promise<Captured> {
  const start = () => startImsg(command, args);
  const run = await runProgram(programOf(command), args, { env: command.env, timeoutMs, start });
  if (run.state === "ended") return run;
  if (run.state === "failed") throw spawnReason(run.error);
  throw fault("REQUEST_TIMEOUT", { detail: `imsg ${args.join(" ")}, ${timeoutMs} ms` });
}
