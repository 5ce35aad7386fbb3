import type { ErrorTexts } from "./error-text.js";
import { launchRemedy } from "./launch-remedy.js";

/** Errors of imsg, Messages and the private API bridge. */
export const imsgErrors = {
  IMSG_NOT_FOUND: {
    happened: "The imsg program was not found.",
    remedy: `It runs on the Mac that is signed in to Messages: install it there (brew install steipete/tap/imsg). On that Mac set channels.imessage.cliPath to where it is; on any other machine to a script with \`exec ssh -T HOST /opt/homebrew/bin/imsg "$@"\` (docs/deployment/remote-mac.md), with imsg's whole path, since over SSH the PATH is short.`,
  },
  IMSG_NOT_EXECUTABLE: {
    happened: "The imsg program cannot be executed.",
    remedy:
      "Make the file at channels.imessage.cliPath executable (chmod +x), and check that it is a program for this machine.",
  },
  IMSG_SPAWN_FAILED: {
    happened: "The imsg program could not be started.",
    remedy: "Check that the machine is not out of processes or memory; the gateway tries again by itself.",
  },
  IMSG_RPC_UNSUPPORTED: {
    happened: "This imsg does not know `rpc`.",
    remedy: "RPC unsupported: update imsg (brew upgrade imsg).",
  },
  IMSG_EXIT: {
    happened: "imsg ended with an error.",
    remedy: "Run the same command in a terminal to see why.",
  },
  REMOTE_UNREACHABLE: {
    happened: "The connection to the Mac failed.",
    remedy: "Run `ssh -T HOST true` with the wrapper's host: it must work without a question.",
  },
  CHILD_EXITED: {
    happened: "The imsg child ended.",
    remedy:
      "Nothing at first: the gateway starts it again; when it happens often, run `imsg rpc` in a terminal to see why.",
  },
  CHILD_HUNG: {
    happened: "The imsg child stopped answering and was replaced.",
    remedy:
      "Where a wrapper script leads over SSH, add -o ServerAliveInterval=15 -o ServerAliveCountMax=3 to it.",
  },
  CHILD_DOWN: {
    happened: "The imsg child is not running now.",
    remedy:
      "Nothing at first: the gateway starts it again; `tapback channels status` says what keeps it from running.",
  },
  LEASE_OVER: {
    happened:
      "This gateway does not know any more whether the account is its own, so it tells the Mac nothing.",
    remedy:
      "Look whether the server of store.url can be reached; it goes on by itself, or the gateway that has the account now does.",
  },
  BRIDGE_STOPPED: {
    happened: "The bridge was stopped.",
    remedy: "Start the gateway again, or enable the account again.",
  },
  REQUEST_TIMEOUT: {
    happened: "imsg did not answer in time.",
    remedy: "Look whether Messages shows a dialog on the Mac, and whether the Mac is busy.",
  },
  PROTOCOL: {
    happened: "imsg and this client do not understand each other.",
    remedy: "Update imsg; if it is new, report this with `tapback report`.",
  },
  METHOD_NOT_FOUND: {
    happened: "This imsg does not have the method.",
    remedy: "Update imsg.",
  },
  INVALID_PARAMS: {
    happened: "imsg refused the request.",
    remedy: "Check what was asked for; if it is right, report it with `tapback report`.",
  },
  REPLY_UNSUPPORTED: {
    happened: "Threaded replies need the imsg private API bridge.",
    remedy: launchRemedy,
  },
  SERVER_BUSY: {
    happened: "imsg has too many requests under way.",
    remedy: "Nothing: it passes by itself.",
  },
  STILL_IN_FLIGHT: {
    happened: "imsg still works on the operation.",
    remedy: "Look in Messages on the Mac before you repeat it.",
  },
  NOT_STARTED: {
    happened: "imsg failed before it handed anything to Messages.",
    remedy: "Try it again; if it stays so, look at `imsg status` on the Mac.",
  },
  ALREADY_HANDED_OVER: {
    happened: "Messages has this message from an earlier attempt.",
    remedy: "Nothing: the gateway waits for it to show in the chat.",
  },
  READ_ONLY: {
    happened: "imsg runs in read-only mode and changes nothing.",
    remedy:
      "Take --read-only out of channels.imessage.cliPath's script, and IMSG_READ_ONLY out of its environment.",
  },
  LANE_BLOCKED: {
    happened: "An earlier operation blocks imsg; the child is being replaced.",
    remedy: "Look whether Messages shows a dialog on the Mac; the gateway tries again by itself.",
  },
  DATABASE_LOCKED: {
    happened: "Another program holds the Messages database.",
    remedy: "Close the program that holds it, a backup for example; the gateway tries again by itself.",
  },
  DATABASE_UNAVAILABLE: {
    happened: "The Messages database cannot be read.",
    remedy: "Check channels.imessage.dbPath and Full Disk Access of the program that starts imsg.",
  },
  PERMISSION_FULL_DISK_ACCESS: {
    happened: "No permission to read the Messages database.",
    remedy:
      "System Settings, Privacy & Security, Full Disk Access: add the program that starts imsg (Tapback for the service, the terminal, or sshd on a remote Mac), switch it off and on after updates, and restart that program. `imsg chats --limit 1` in the same user and session tells whether it holds.",
  },
  PERMISSION_AUTOMATION: {
    happened: "No permission to control Messages (-1743).",
    remedy:
      "System Settings, Privacy & Security, Automation: allow Messages for the program that starts imsg. To be asked, send once from there: `tapback message send --target <you> --message test` for the service, `imsg send --to <you> --text test` in a terminal. Over SSH there is often no such switch: start imsg from a login session, or use the private API (sendTransport: bridge; what it needs: docs/deployment/private-api.md).",
  },
  MESSAGES_NOT_RUNNING: {
    happened: "Messages is not running (-600).",
    remedy: "Open Messages on the Mac and sign in.",
  },
  SERVICE_UNAVAILABLE: {
    happened: "Messages has no account for this service.",
    remedy:
      "Open Messages on the Mac and sign in to iMessage; for SMS, turn on Text Message Forwarding for this Mac on the iPhone.",
  },
  MESSAGES_TIMEOUT: {
    happened: "Messages did not answer imsg in time (-1712).",
    remedy: "Look whether Messages shows a dialog on the Mac.",
  },
  CHAT_NOT_FOUND: {
    happened: "Messages does not know this conversation.",
    remedy: "List the conversations with `imsg chats`, and use their chat_id.",
  },
  MESSAGE_NOT_FOUND: {
    happened: "Messages does not know this message.",
    remedy: "Look in Messages on the Mac whether the message is still there.",
  },
  GHOST_ROW: {
    happened: "Messages took the message and dropped it (a fault of macOS 26 with groups).",
    remedy: `Sending to this group needs the private API. ${launchRemedy}`,
  },
  APPLESCRIPT_FAILED: {
    happened: "Messages refused the script.",
    remedy:
      "Open Messages on the Mac, and try to write to this person there: whether it is signed in, and whether the address can be reached.",
  },
  BRIDGE_TIMEOUT: {
    happened: "The imsg private API bridge did not answer.",
    remedy: launchRemedy,
  },
  BRIDGE_UNAVAILABLE: {
    happened: "The imsg private API bridge is not running.",
    remedy: launchRemedy,
  },
  BRIDGE_FAILED: {
    happened: "The imsg private API bridge failed.",
    remedy: `Check what was asked for. When every action fails so, the private API is gone. ${launchRemedy}`,
  },
  IMSG_INTERNAL: {
    happened: "imsg failed.",
    remedy: "Run the same in a terminal with `imsg` to see why, and update imsg.",
  },
  WATCH_OVERFLOW: {
    happened: "imsg reported rows faster than they were taken.",
    remedy: "Nothing: the gateway reads what it missed by itself.",
  },
  RESUME_POINT_UNKNOWN: {
    happened: "The row to resume from is not known.",
    remedy: "Nothing: the gateway looks for the row again by itself.",
  },
} satisfies ErrorTexts;
