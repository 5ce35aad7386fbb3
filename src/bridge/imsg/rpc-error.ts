import type { BridgeError, Disposition } from "../error.js";
import { meaningOf } from "./error-text.js";
import { type FaultCode, fault } from "./faults.js";

/** What a code of protocol reference 2.2 means when its text says nothing more precise. */
const byNumber: Record<number, FaultCode> = {
  [-32700]: "PROTOCOL",
  [-32600]: "PROTOCOL",
  [-32601]: "METHOD_NOT_FOUND",
  [-32602]: "INVALID_PARAMS",
  [-32603]: "IMSG_INTERNAL",
  [-32000]: "SERVER_BUSY",
  [-32001]: "OUTCOME_UNKNOWN",
  [-32002]: "DATABASE_UNAVAILABLE",
  [-32003]: "BRIDGE_UNAVAILABLE",
  [-32004]: "LANE_BLOCKED",
};

/** Codes with which imsg refuses a request before it does anything. */
const refusals = new Set([-32700, -32600, -32601, -32602, -32000, -32002, -32003]);

/** Why a database is unavailable, where macOS does not let it be read (protocol reference 9.11): that has a remedy of its own. */
const refusedByMacos: FaultCode = "PERMISSION_FULL_DISK_ACCESS";

/** Codes whose own meaning is more precise than any text beside them. */
const decisive = new Set([-32601, -32000, -32002, -32003, -32004]);

/**
 * Turns the `error` member of an answer into a {@link BridgeError}. `data` may be a string (up to 0.13) or an object
 * (since 0.14), whose `disposition` and `retry_safe` then count.
 */
export function rpcError(error: unknown): BridgeError {
  const { code, message, data } = (typeof error === "object" && error !== null ? error : {}) as {
    code?: unknown;
    message?: unknown;
    data?: unknown;
  };
  const number = typeof code === "number" ? code : 0;
  const facts = deliveryFacts(data);
  const text = [typeof message === "string" ? message : "", facts.detail].filter(Boolean).join(": ");
  const said = meaningOf(text);
  const meaning = decisive.has(number) && !(number === -32002 && said === refusedByMacos) ? undefined : said;
  // A string in the place of the facts names the method that read-only mode refused (protocol reference 23).
  if (number === -32001 && typeof data === "string")
    return fault("READ_ONLY", { detail: data, answered: true });
  // What it tells of is the earlier operation; this one was not started (protocol reference 16.1, row 14).
  if (number === -32004) return fault("LANE_BLOCKED", { detail: text, answered: true });
  const chosen =
    (number === -32001 && facts.inFlight ? "STILL_IN_FLIGHT" : meaning) ??
    (number === -32603 && facts.disposition === "not_sent" ? "NOT_STARTED" : byNumber[number]) ??
    "IMSG_INTERNAL";
  const disposition =
    facts.disposition ?? (refusals.has(number) ? "not_sent" : number === -32001 ? "unknown" : undefined);
  return fault(chosen, {
    // What imsg advises after it is in the hint.
    detail: text.split(/permission error:/i, 1)[0]!.trimEnd(),
    disposition,
    answered: true,
    retryable: facts.retryable,
  });
}

function deliveryFacts(data: unknown): {
  detail: string;
  disposition?: Disposition;
  inFlight?: boolean;
  retryable?: boolean;
} {
  if (typeof data === "string") return { detail: data };
  if (typeof data !== "object" || data === null) return { detail: "" };
  const object = data as Record<string, unknown>;
  const retryable = object.retry_safe ?? object.retryable;
  return {
    detail: typeof object.detail === "string" ? object.detail : "",
    ...(typeof object.disposition === "string"
      ? {
          disposition: object.disposition === "not_started" ? "not_sent" : "unknown",
          inFlight: object.disposition === "still_in_flight",
        }
      : {}),
    ...(typeof retryable === "boolean" ? { retryable } : {}),
  };
}
