import { err, ok, type Result } from "../../platform/index.js";
import { BridgeError } from "../error.js";
import { type Captured, capture } from "./capture.js";
import type { ImsgCommand } from "./command.js";
import { exitReason, saysRpcUnknown } from "./exit-reason.js";
import { fault } from "./faults.js";
import { type ImsgStatus, parseStatus } from "./status.js";

/** What a probe found. A part that could not be found out carries its error and the remedy. */
export interface Probe {
  /** The program's version, e.g. `0.9.0`. */
  version: Result<string, BridgeError>;
  /** Whether it speaks RPC. */
  rpc: Result<true, BridgeError>;
  /** The private API, methods and selectors. */
  status: Result<ImsgStatus, BridgeError>;
}

/**
 * Asks the program itself, without its database and beside a running child.
 * @param timeoutMs for each of three runs, milliseconds
 */
export async function probe(command: ImsgCommand, timeoutMs: number): Promise<Probe> {
  const version = await probeVersion(command, timeoutMs);
  // What cannot be started once need not be started again; an old build may not know `--version`.
  if (!version.ok && !["PROTOCOL", "IMSG_EXIT"].includes(version.error.code))
    return { version, rpc: version, status: version };
  const [rpc, status] = await Promise.all([probeRpc(command, timeoutMs), probeStatus(command, timeoutMs)]);
  // The same remedy mends both, and only one of them names it.
  const isTooOld = !version.ok && !rpc.ok && rpc.error.code === "IMSG_RPC_UNSUPPORTED";
  return { version: isTooOld ? rpc : version, rpc, status };
}

/** `imsg --version`: its first word that looks like a version. */
export async function probeVersion(
  command: ImsgCommand,
  timeoutMs: number,
): Promise<Result<string, BridgeError>> {
  return await run(command, ["--version"], timeoutMs, ({ stdout }) => {
    const version = /\b\d+\.\d+(\.\d+)?\b\S*/.exec(stdout)?.[0];
    return version === undefined
      ? err(fault("PROTOCOL", { detail: "--version printed no version" }))
      : ok(version);
  });
}

/** The rule of protocol reference 1.4: an unknown command is fatal, exit code 0 is good, the rest may pass. */
export async function probeRpc(command: ImsgCommand, timeoutMs: number): Promise<Result<true, BridgeError>> {
  return await run(command, ["rpc", "--help"], timeoutMs, ({ stdout, stderr }) =>
    saysRpcUnknown(stdout + stderr) ? err(fault("IMSG_RPC_UNSUPPORTED")) : ok(true as const),
  );
}

/** `imsg status --json`. */
export async function probeStatus(
  command: ImsgCommand,
  timeoutMs: number,
): Promise<Result<ImsgStatus, BridgeError>> {
  return await run(command, ["status", "--json"], timeoutMs, ({ stdout }) => parseStatus(stdout));
}

async function run<T>(
  command: ImsgCommand,
  args: string[],
  timeoutMs: number,
  read: (captured: Captured) => Result<T, BridgeError>,
): Promise<Result<T, BridgeError>> {
  try {
    const captured = await capture(command, args, timeoutMs);
    return captured.exitCode === 0 ? read(captured) : err(failureOf(captured));
  } catch (error) {
    if (error instanceof BridgeError) return err(error);
    throw error;
  }
}

function failureOf({ exitCode, stdout, stderr }: Captured): BridgeError {
  const words = `${stdout}\n${stderr}`.split("\n").filter((line) => line.trim() !== "");
  const reason = exitReason(exitCode, exitCode === null ? "killed" : null, words.slice(-20));
  return reason.code === "CHILD_EXITED"
    ? fault("IMSG_EXIT", { detail: words.at(-1) ?? `${exitCode}` })
    : reason;
}
