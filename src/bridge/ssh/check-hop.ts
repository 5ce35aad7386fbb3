import { err, ok, type Result, runProgram } from "../../platform/index.js";
import { BridgeError } from "../error.js";
import { fault } from "../imsg/faults.js";
import { hopFault } from "./hop-fault.js";
import { typedRemedy } from "./remedy.js";
import { type RemoteMac, sshArguments } from "./remote-mac.js";

/**
 * Tries the way to the Mac: its name, its port, its host key, the login, all without a question (behaviour 13).
 * @param timeoutMs milliseconds
 */
export async function checkHop(
  mac: RemoteMac,
  timeoutMs: number,
  env?: NodeJS.ProcessEnv,
): Promise<Result<void, BridgeError>> {
  const run = await runProgram("ssh", sshArguments(mac, "true"), { env, timeoutMs });
  if (run.state === "ended" && run.exitCode === 0) return ok(undefined);
  const found = hopFault(run);
  const failure = found instanceof BridgeError ? found : fault("REMOTE_UNREACHABLE", { detail: found });
  const { code, message, disposition, retryable, hint } = failure;
  if (hint === undefined) return err(failure);
  return err(
    new BridgeError(code, message, {
      disposition,
      retryable,
      hint: await typedRemedy(hint, mac, env),
      cause: failure,
    }),
  );
}
