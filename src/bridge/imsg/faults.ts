import { BridgeError, type Disposition } from "../error.js";
import { sshFaults } from "../ssh/faults.js";
import { redact } from "./redact.js";

interface Fault {
  says: string;
  hint?: string;
  /** May succeed later without anybody's doing. */
  retryable?: true;
  /** Absent: surely not sent. */
  unknown?: true;
}

const launch = "Run `imsg launch` on the Mac, and check `imsg status`.";

/** Every way in which the bridge fails: what is said, the remedy, and what may be done next (behaviour 10.2). */
const faults = {
  ...sshFaults,
  IMSG_NOT_FOUND: {
    says: "The imsg program was not found",
    hint: 'It runs on the Mac that is signed in to Messages: install it there (brew install steipete/tap/imsg). On that Mac set channels.imessage.cliPath to where it is; on any other machine to a script with `exec ssh -T HOST /opt/homebrew/bin/imsg "$@"` (docs/deployment/remote-mac.md), with imsg\'s whole path, since over SSH the PATH is short.',
  },
  IMSG_NOT_EXECUTABLE: {
    says: "The imsg program cannot be executed",
    hint: "Make the file at channels.imessage.cliPath executable (chmod +x), and check that it is a program for this machine.",
  },
  IMSG_SPAWN_FAILED: { says: "The imsg program could not be started", retryable: true },
  IMSG_RPC_UNSUPPORTED: {
    says: "This imsg does not know `rpc`",
    hint: "RPC unsupported: update imsg (brew upgrade imsg).",
  },
  IMSG_EXIT: {
    says: "imsg ended with an error",
    hint: "Run the same command in a terminal to see why.",
    retryable: true,
  },
  REMOTE_UNREACHABLE: {
    says: "The connection to the Mac failed",
    hint: "Run `ssh -T HOST true` with the wrapper's host: it must work without a question.",
    retryable: true,
  },
  CHILD_EXITED: { says: "The imsg child ended", retryable: true, unknown: true },
  CHILD_HUNG: {
    says: "The imsg child stopped answering and was replaced",
    hint: "Where a wrapper script leads over SSH, add -o ServerAliveInterval=15 -o ServerAliveCountMax=3 to it.",
    retryable: true,
    unknown: true,
  },
  CHILD_DOWN: { says: "The imsg child is not running now", retryable: true },
  BRIDGE_STOPPED: { says: "The bridge was stopped", unknown: true },
  REQUEST_TIMEOUT: { says: "imsg did not answer in time", retryable: true, unknown: true },
  TOO_MANY_REQUESTS: { says: "Too many requests are waiting for imsg", retryable: true },
  PROTOCOL: {
    says: "imsg and this client do not understand each other",
    hint: "Update imsg; if it is new, report this with `tapback report`.",
    unknown: true,
  },
  METHOD_NOT_FOUND: { says: "This imsg does not have the method", hint: "Update imsg." },
  INVALID_PARAMS: { says: "imsg refused the request" },
  REPLY_UNSUPPORTED: { says: "Threaded replies need the imsg private API bridge", hint: launch },
  SERVER_BUSY: { says: "imsg has too many requests under way", retryable: true },
  OUTCOME_UNKNOWN: {
    says: "imsg cannot tell whether the operation happened",
    hint: "Look in Messages on the Mac before you repeat it.",
    unknown: true,
  },
  STILL_IN_FLIGHT: {
    says: "imsg still works on the operation",
    hint: "Look in Messages on the Mac before you repeat it.",
    unknown: true,
  },
  NOT_STARTED: { says: "imsg failed before it handed anything to Messages" },
  LANE_BLOCKED: {
    says: "An earlier operation blocks imsg; the child is being replaced",
    retryable: true,
  },
  DATABASE_LOCKED: {
    says: "Another program holds the Messages database",
    retryable: true,
    unknown: true,
  },
  DATABASE_UNAVAILABLE: {
    says: "The Messages database cannot be read",
    hint: "Check channels.imessage.dbPath and Full Disk Access of the program that starts imsg.",
    retryable: true,
    unknown: true,
  },
  PERMISSION_FULL_DISK_ACCESS: {
    says: "No permission to read the Messages database",
    hint: "System Settings, Privacy & Security, Full Disk Access: add the program that starts imsg (the terminal, node, or sshd on a remote Mac), switch it off and on after updates, and restart that program. `imsg chats --limit 1` in the same user and session tells whether it holds.",
  },
  PERMISSION_AUTOMATION: {
    says: "No permission to control Messages (-1743)",
    hint: "System Settings, Privacy & Security, Automation: allow Messages for the program that starts imsg. To be asked again, run `imsg send --to <you> --text test` there, in the same user and session. Over SSH there is often no such switch: start imsg from a login session, or use the private API bridge (sendTransport: bridge).",
  },
  MESSAGES_NOT_RUNNING: {
    says: "Messages is not running (-600)",
    hint: "Open Messages on the Mac and sign in.",
    retryable: true,
  },
  SERVICE_UNAVAILABLE: {
    says: "Messages has no account for this service",
    hint: "Open Messages on the Mac and sign in to iMessage; for SMS, turn on Text Message Forwarding for this Mac on the iPhone.",
  },
  MESSAGES_TIMEOUT: {
    says: "Messages did not answer imsg in time (-1712)",
    hint: "Look whether Messages shows a dialog on the Mac.",
    retryable: true,
    unknown: true,
  },
  CHAT_NOT_FOUND: {
    says: "Messages does not know this conversation",
    hint: "List the conversations with `imsg chats`, and use their chat_id.",
  },
  MESSAGE_NOT_FOUND: { says: "Messages does not know this message" },
  REACTION_UNKNOWN: { says: "Messages does not know this tapback" },
  GHOST_ROW: {
    says: "Messages took the message and dropped it (a fault of macOS 26 with groups)",
    hint: "Sending to this group needs the private API bridge: run `imsg launch`.",
  },
  APPLESCRIPT_FAILED: {
    says: "Messages refused the script",
    hint: "Open Messages on the Mac, and try to write to this person there: whether it is signed in, and whether the address can be reached.",
    unknown: true,
  },
  BRIDGE_TIMEOUT: {
    says: "The imsg private API bridge did not answer",
    hint: launch,
    retryable: true,
    unknown: true,
  },
  BRIDGE_UNAVAILABLE: { says: "The imsg private API bridge is not running", hint: launch },
  ACTION_UNSUPPORTED: { says: "This Mac cannot do that now", hint: launch },
  BRIDGE_FAILED: {
    says: "The imsg private API bridge failed",
    hint: "Check what was asked for. When every action fails so, run `imsg launch` on the Mac, and check `imsg status`.",
    unknown: true,
  },
  IMSG_INTERNAL: { says: "imsg failed", unknown: true },
  WATCH_OVERFLOW: { says: "imsg reported rows faster than they were taken", retryable: true },
  RESUME_POINT_UNKNOWN: { says: "The row to resume from is not known", retryable: true },
} satisfies Record<string, Fault>;

/** The stable codes of this bridge's errors. */
export type FaultCode = keyof typeof faults;

/**
 * Makes the error of a code.
 * @param more.detail what the other side said; it is redacted and shortened
 * @param more.disposition overrides the table where the other side knew better
 */
export function fault(
  code: FaultCode,
  more: { detail?: string; disposition?: Disposition; retryable?: boolean; cause?: unknown } = {},
): BridgeError {
  const known: Fault = faults[code];
  const detail = more.detail === undefined ? "" : redact(more.detail);
  return new BridgeError(code, detail === "" ? `${known.says}.` : `${known.says}: ${detail}`, {
    disposition: more.disposition ?? (known.unknown ? "unknown" : "not_sent"),
    retryable: more.retryable ?? known.retryable ?? false,
    ...(known.hint === undefined ? {} : { hint: known.hint }),
    ...(more.cause === undefined ? {} : { cause: more.cause }),
  });
}
