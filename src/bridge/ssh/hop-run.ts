import { runProgram } from "../../platform/index.js";
import { BridgeError } from "../error.js";
import { fault } from "../imsg/faults.js";
import type { SshFaultCode } from "./faults.js";
import { hopFault } from "./hop-fault.js";
import { type RemoteMac, sshArguments } from "./remote-mac.js";

/** How ssh is run: over which connection, with which environment, until when. */
export interface HopRun {
  mac: RemoteMac;
  env?: NodeJS.ProcessEnv | undefined;
  timeoutMs: number;
  signal: AbortSignal;
}

/**
 * Runs a command on the Mac.
 * @param command read by the login shell there: never a text from outside
 * @param code of the failure when the connection stood
 * @param input for its stdin
 * @returns what it printed
 * @throws BridgeError
 */
export async function onMac(
  { mac, env, timeoutMs, signal }: HopRun,
  command: string,
  code: SshFaultCode,
  input?: string,
): Promise<string> {
  const options = { env, timeoutMs, signal, input };
  const run = await runProgram("ssh", sshArguments(mac, command), options);
  if (run.state === "ended" && run.exitCode === 0) return run.stdout;
  const failure = hopFault(run);
  throw failure instanceof BridgeError ? failure : fault(code, { detail: failure });
}
