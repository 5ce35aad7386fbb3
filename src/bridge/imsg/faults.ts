import {
  actionErrors,
  type ErrorText,
  fileErrors,
  imsgErrors,
  remoteMacErrors,
  sendingErrors,
} from "../../platform/error-codes/index.js";
import type { ErrorCode } from "../../platform/index.js";
import { BridgeError, type Disposition } from "../error.js";
import { sshFaults } from "../ssh/faults.js";
import { redact } from "./redact.js";

interface Fault {
  /** May succeed later without anybody's doing. */
  retryable?: true;
  /** Absent: surely not sent. */
  unknown?: true;
}

/** Every way in which the bridge fails, and what may be done next (behaviour 10.2). */
const faults = {
  ...sshFaults,
  IMSG_NOT_FOUND: {},
  IMSG_NOT_EXECUTABLE: {},
  IMSG_SPAWN_FAILED: { retryable: true },
  IMSG_RPC_UNSUPPORTED: {},
  IMSG_EXIT: { retryable: true },
  REMOTE_UNREACHABLE: { retryable: true },
  CHILD_EXITED: { retryable: true, unknown: true },
  CHILD_HUNG: { retryable: true, unknown: true },
  CHILD_DOWN: { retryable: true },
  BRIDGE_STOPPED: { unknown: true },
  REQUEST_TIMEOUT: { retryable: true, unknown: true },
  PROTOCOL: { unknown: true },
  METHOD_NOT_FOUND: {},
  INVALID_PARAMS: {},
  REPLY_UNSUPPORTED: {},
  SERVER_BUSY: { retryable: true },
  OUTCOME_UNKNOWN: { unknown: true },
  STILL_IN_FLIGHT: { unknown: true },
  NOT_STARTED: {},
  ALREADY_HANDED_OVER: {},
  READ_ONLY: {},
  LANE_BLOCKED: { retryable: true },
  DATABASE_LOCKED: { retryable: true, unknown: true },
  DATABASE_UNAVAILABLE: { retryable: true, unknown: true },
  PERMISSION_FULL_DISK_ACCESS: {},
  PERMISSION_AUTOMATION: {},
  MESSAGES_NOT_RUNNING: { retryable: true },
  SERVICE_UNAVAILABLE: {},
  MESSAGES_TIMEOUT: { retryable: true, unknown: true },
  CHAT_NOT_FOUND: {},
  MESSAGE_NOT_FOUND: {},
  GHOST_ROW: {},
  APPLESCRIPT_FAILED: { unknown: true },
  BRIDGE_TIMEOUT: { retryable: true, unknown: true },
  BRIDGE_UNAVAILABLE: {},
  BRIDGE_FAILED: { unknown: true },
  IMSG_INTERNAL: { unknown: true },
  WATCH_OVERFLOW: { retryable: true },
  LEASE_OVER: { retryable: true },
  RESUME_POINT_UNKNOWN: { retryable: true },
  ACTION_UNAVAILABLE: {},
  TAPBACK_UNKNOWN: {},
} satisfies Partial<Record<ErrorCode, Fault>>;

/** What is said of each, and the remedy. */
const texts: Record<FaultCode, ErrorText> = {
  ...imsgErrors,
  ...remoteMacErrors,
  OUTCOME_UNKNOWN: sendingErrors.OUTCOME_UNKNOWN,
  FILE_TOO_LARGE: fileErrors.FILE_TOO_LARGE,
  ACTION_UNAVAILABLE: actionErrors.ACTION_UNAVAILABLE,
  TAPBACK_UNKNOWN: actionErrors.TAPBACK_UNKNOWN,
};

/** The stable codes of this bridge's errors. */
export type FaultCode = keyof typeof faults;

/**
 * Makes the error of a code.
 * @param more.detail what the other side said; it is redacted and shortened
 * @param more.disposition overrides the table where the other side knew better
 * @param more.answered the other side said so itself
 */
export function fault(
  code: FaultCode,
  more: {
    detail?: string;
    disposition?: Disposition;
    answered?: boolean;
    retryable?: boolean;
    cause?: unknown;
  } = {},
): BridgeError {
  const known: Fault = faults[code];
  const { happened, remedy } = texts[code];
  const detail = more.detail === undefined ? "" : redact(more.detail);
  return new BridgeError(code, detail === "" ? happened : `${happened.replace(/\.$/, "")}: ${detail}`, {
    hint: remedy,
    disposition: more.disposition ?? (known.unknown ? "unknown" : "not_sent"),
    answered: more.answered ?? false,
    retryable: more.retryable ?? known.retryable ?? false,
    cause: more.cause,
  });
}
