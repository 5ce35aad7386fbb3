import type { ErrorTexts } from "./error-text.js";

/** Errors of the gateway, its state, and those who talk to it. */
export const gatewayErrors = {
  GATEWAY_RUNNING: {
    happened: "A gateway already runs on this state directory.",
    remedy: "Stop it first, or give this one its own state directory with TAPBACK_STATE_DIR.",
  },
  SOCKET_UNSAFE: {
    happened:
      "The folder of the control socket in the temporary folder belongs to others, or is open to them.",
    remedy: "Remove that folder, or name a state directory with a shorter path with TAPBACK_STATE_DIR.",
  },
  OPTIONS_INVALID: {
    happened: "A program that embeds the gateway gave it something that does not fit.",
    remedy: "Correct what the message names; docs/library.md has every option.",
  },
  GATEWAY_UNREACHABLE: {
    happened: "The running gateway is needed, and none can be reached.",
    remedy: "Start it with `tapback gateway`.",
  },
  GATEWAY_SILENT: {
    happened: "The gateway did not answer in time.",
    remedy:
      "Look whether it did what was asked before you repeat it; when it hangs, end it and start it again.",
  },
  GATEWAY_LOST: {
    happened: "The gateway ended before it answered.",
    remedy: "Look before you repeat it: it may have done what was asked, or do it at its next start.",
  },
  ALERT_FAILED: {
    happened: "An alert could not be sent.",
    remedy:
      "Try what stands under `alerts` by hand: start the command, or post to the address. `tapback doctor --alert` sends a test. A channel that fails is tried again four times in a quarter of an hour.",
  },
  UNKNOWN_METHOD: {
    happened: "The gateway does not know what it was asked for.",
    remedy:
      "Restart the gateway (a service with `tapback service restart`), so that it and the command line are of one version.",
  },
  CONTROL_PARAMETERS: {
    happened: "What the gateway was asked for came with wrong parameters, or with too much of them.",
    remedy:
      "Restart the gateway (a service with `tapback service restart`), so that it and the command line are of one version. Name large files by their paths.",
  },
  CONTROL_RESULT: {
    happened: "The gateway answered in a form that this version does not know.",
    remedy:
      "Restart the gateway (a service with `tapback service restart`), so that it and the command line are of one version.",
  },
  CONTROL_FAILED: {
    happened: "The gateway failed at what it was asked for, and nobody foresaw how.",
    remedy: "Look at the gateway's log; if it stays so, report it with `tapback report`.",
  },
  ACCOUNT_STOPPED: {
    happened: "The account is not at work.",
    remedy: "Set channels.imessage.enabled to true, and look at `tapback channels status`.",
  },
  ACCOUNT_LOST: {
    happened: "Another gateway has taken over the account.",
    remedy: "Nothing: what the other one took is done there; `tapback cluster status` names it.",
  },
  ACCOUNT_ELSEWHERE: {
    happened: "Another gateway on the same state serves the account.",
    remedy:
      "Ask there what you would ask here (`tapback cluster status` names it); this one takes the account over when that one ends.",
  },
  SQLITE_UNAVAILABLE: {
    happened: "SQLite cannot be loaded: the package has no binary for this machine.",
    remedy: "Use Node 22.13 or later, which brings SQLite along.",
  },
  STATE_EXPOSED: {
    happened: "Others can write into the state directory, so what stands there cannot be relied on.",
    remedy: "Run `tapback doctor --fix`, or take the right from them: chmod 700 on the directory.",
  },
  STATE_UNWRITABLE: {
    happened: "The state directory, or something in it, cannot be made or written.",
    remedy: "Make it writable for this user, or name another one with TAPBACK_STATE_DIR.",
  },
  STORE_LOST: {
    happened: "The state database, or its log, was removed or replaced while the gateway had it open.",
    remedy:
      "Put it back where it was moved away: everything goes on. Else stop the gateway, put the state directory back from a backup, and start it again.",
  },
  STORE_FULL: {
    happened: "The state database cannot be written, since the disk is full.",
    remedy: "Free some disk space; a gateway that runs loses nothing and goes on by itself.",
  },
  STORE_DAMAGED: {
    happened: "The state database is damaged.",
    remedy:
      "Put state.db back from a backup; or move it away with its -wal and -shm files, and approvals and earlier messages are forgotten.",
  },
  STORE_UNAVAILABLE: {
    happened: "The state database cannot be used.",
    remedy:
      "Check owner and permissions of the state directory, and that no other program holds the database.",
  },
  STORE_TOO_NEW: {
    happened: "A newer version of Tapback has written the state database.",
    remedy: "Run the newer version again, or restore the state directory that this version used.",
  },
  STORE_EXISTS: {
    happened: "There is a state already where one was to be copied to.",
    remedy: "Name an empty place: another schema of the database (`?schema=NAME`), or move the file away.",
  },
  STORE_COPY_DIFFERS: {
    happened: "What was read from the copy of the state is not what was copied; nothing was kept.",
    remedy: "Try again while nothing else writes to either place; if it stays so, send `tapback report`.",
  },
  STORE_ON_SERVER: {
    happened: "The state is on a database server, and this works on one in a file.",
    remedy:
      "Use the server's own tools, or copy the state into a file first: `tapback store copy --to file`.",
  },
  WORKER_CANNOT_RUN: {
    happened: "A worker cannot run turns here, or not of this agent.",
    remedy:
      "Set store.url to a PostgreSQL database that the gateway uses too; `channel` agents are answered for at the gateway.",
  },
  MCP_UNAUTHORISED: {
    happened: "The MCP server was started without the token of its session.",
    remedy:
      "Let the gateway's agent start it: the token is handed over then, and holds until the next one is handed out.",
  },
  NO_TURN: {
    happened: "A tool was called outside the turns that it was handed out for.",
    remedy: "Call tools while a message is being answered: they reach its conversation alone.",
  },
} satisfies ErrorTexts;
