import { errnoOf, messageOf, type ProgramRun } from "../../platform/index.js";
import type { BridgeError } from "../error.js";
import { fault } from "../imsg/faults.js";
import { hopMeaning } from "./hop-text.js";

/**
 * Says why a run of ssh or scp failed, as far as the connection is to blame.
 * @returns its last words when the connection stood, and what was done over it failed
 */
export function hopFault(run: ProgramRun): BridgeError | string {
  switch (run.state) {
    case "timeout":
      return fault("SSH_TIMEOUT");
    case "aborted":
      return fault("REMOTE_COPY_STOPPED");
    case "failed":
      return errnoOf(run.error) === "ENOENT"
        ? fault("SSH_NOT_FOUND")
        : fault("REMOTE_UNREACHABLE", { detail: messageOf(run.error) });
    case "ended": {
      const meaning = hopMeaning(run.stderr);
      if (meaning !== undefined) return fault(meaning, { detail: lastLine(run.stderr) });
      return lastLine(run.stderr) || `exit code ${run.exitCode}`;
    }
  }
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
