import { errnoOf, messageOf } from "../../platform/index.js";
import type { BridgeError } from "../error.js";
import { hopMeaning, saysNoSsh } from "../ssh/hop-text.js";
import { meaningOf } from "./error-text.js";
import { fault } from "./faults.js";

/** Says why a program could not be started. */
export function spawnReason(error: unknown): BridgeError {
  const errno = errnoOf(error);
  if (errno === "ENOENT" || errno === "ENOTDIR") return fault("IMSG_NOT_FOUND", { cause: error });
  if (errno === "EACCES" || errno === "ENOEXEC" || errno === "EISDIR")
    return fault("IMSG_NOT_EXECUTABLE", { cause: error });
  return fault("IMSG_SPAWN_FAILED", { detail: messageOf(error), cause: error });
}

/**
 * Says why a child ended by itself, from its exit and its last words: imsg prints errors of its command line on stdout
 * (protocol reference 1.2), ssh and shells on stderr.
 * @param words last lines that were not JSON-RPC, of both streams
 */
export function exitReason(code: number | null, signal: string | null, words: string[]): BridgeError {
  const text = words.join("\n");
  const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
  const detail = words.length === 0 ? how : `${how}: ${words.at(-1)}`;
  // Outcomes of requests that were already written stay unknown, whatever the reason is.
  const known = { detail, disposition: "unknown" } as const;
  if (/unknown (sub)?command/i.test(text) && /\brpc\b/i.test(text))
    return fault("IMSG_RPC_UNSUPPORTED", known);
  // ssh itself ends with 255, whatever ran on the Mac.
  if (code === 255) return fault(hopMeaning(text) ?? "REMOTE_UNREACHABLE", known);
  const meaning = code === 0 ? undefined : meaningOf(text);
  if (meaning !== undefined) return fault(meaning, known);
  // What shells return: not found, not executable.
  if (code === 127) return fault(saysNoSsh(text) ? "SSH_NOT_FOUND" : "IMSG_NOT_FOUND", known);
  if (code === 126) return fault("IMSG_NOT_EXECUTABLE", known);
  return fault("CHILD_EXITED", { detail });
}

/** The rule of protocol reference 1.4; the exact wording of old builds is not fixed. */
export function saysRpcUnknown(text: string): boolean {
  return /unknown (sub)?command/i.test(text) && /\brpc\b/i.test(text);
}
