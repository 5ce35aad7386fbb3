import type { ErrorTexts } from "./error-text.js";

/** Errors of the command line itself. */
export const commandErrors = {
  USAGE: {
    happened: "The command was not typed as it is used.",
    remedy: "Run the command with --help to see how it is used.",
  },
  FAILED: {
    happened: "Something went wrong that nobody foresaw.",
    remedy: "Try once more; if it stays so, report it with `tapback report`.",
  },
  OUTPUT_LOST: {
    happened: "The output of the command could not be written.",
    remedy: "Look at the disk or the program that the output goes to; what the command did is done.",
  },
  NO_STATE: {
    happened: "The state directory holds nothing yet.",
    remedy: "Start the gateway first with `tapback gateway`, or name its directory with TAPBACK_STATE_DIR.",
  },
  MESSAGE_UNKNOWN: {
    happened: "No message with this number or GUID is known.",
    remedy:
      "Use a number that `tapback inbox` lists, or the number or GUID that `tapback message send` printed.",
  },
  SCHEDULE_UNKNOWN: {
    happened: "Nothing that is scheduled with this id is waiting.",
    remedy: "List them with `tapback schedule list`.",
  },
  RETRY_OWN: {
    happened: "A message of the account itself is never answered, so it cannot be tried again.",
    remedy: "Use the number of a message that somebody else wrote.",
  },
  RETRY_RUNNING: {
    happened: "The message is being worked on now.",
    remedy: "Wait until it is done; `tapback explain` shows how far it is.",
  },
  RETRY_ANSWERED: {
    happened: "The message was answered already.",
    remedy: "Nothing: `tapback explain` shows what it led to.",
  },
  RETRY_FORGOTTEN: {
    happened: "The text of the message is not kept any more.",
    remedy: "Ask for the message once more; gateway.retentionDays says how long texts are kept.",
  },
  RETRY_WORDLESS: {
    happened:
      "The message came without anything that could be answered: nothing of it could be read, or it is news of an earlier one.",
    remedy: "Ask for the message once more; `tapback explain` shows what came.",
  },
  RETRIED_BEFORE: {
    happened: "The message went through the gates again before.",
    remedy: "Use --again to repeat it.",
  },
  EDITOR_FAILED: {
    happened: "The editor could not be started, or ended with an error.",
    remedy: "Set EDITOR to the program that you edit files with.",
  },
  BACKUP_EXISTS: {
    happened: "There is a file of this name already.",
    remedy: "Name another file, or replace it with --force.",
  },
  BACKUP_UNWRITABLE: {
    happened: "The backup cannot be written.",
    remedy: "Name another file, on a disk with room for it.",
  },
  BACKUP_UNREADABLE: {
    happened: "The file is no backup of tapback, or not a whole one.",
    remedy: "Name a file that `tapback backup` wrote; the same version or a newer one reads it.",
  },
  RESTORE_EXISTS: {
    happened: "There is a state or a configuration already, which a backup would replace.",
    remedy:
      "Restore into another directory with TAPBACK_STATE_DIR, or replace it with --force: what is there is kept beside.",
  },
  RESTORE_UNASKED: {
    happened: "Messages cannot be asked what was answered since the backup was made.",
    remedy:
      "Make `tapback channels status --probe` work first. Or use --without-messages: then nothing is answered that came before now.",
  },
  UPDATE_UNKNOWN: {
    happened: "The newest version is not known: the machine is offline, or npm is missing.",
    remedy: "Try again when `npm view tapback version` works; what is installed runs on.",
  },
  REPORT_INVALID: {
    happened: "A file is no report that this version can read.",
    remedy: "Name a file that `tapback report` wrote.",
  },
  REPORT_UNWRITABLE: {
    happened: "The file of the report cannot be written.",
    remedy: "Name another file with --out.",
  },
  SERVICE_MANAGER_MISSING: {
    happened: "There is neither systemd nor launchd on this machine.",
    remedy: "Have the service manager of this machine run `tapback gateway`.",
  },
  SERVICE_MANAGER_FAILED: {
    happened: "The service manager, systemd or launchd, refused what the command asked for.",
    remedy: "Run it as the user who is to own the gateway, in that user's own session and not with sudo.",
  },
  SERVICE_NO_DESKTOP: {
    happened:
      "The user is not logged in at the Mac's screen, and launchd runs services of a user only while that is so.",
    remedy:
      "Log in at the screen or by Screen Sharing, stay logged in, and run the command again, without sudo.",
  },
  SERVICE_APP_FAILED: {
    happened: "The app that owns the gateway's permissions on a Mac could not be made.",
    remedy: "Install the service without it: `tapback service install --no-app`.",
  },
  SERVICE_NOT_UP: {
    happened: "The gateway was installed as a service, and did not come up.",
    remedy: "Look at `tapback service logs`; `tapback doctor` tells what is wrong.",
  },
  SERVICE_NOT_INSTALLED: {
    happened: "The gateway is not installed as a service.",
    remedy: "Install it with `tapback service install`.",
  },
  DEMO_INCOMPLETE: {
    happened: "The demo needs the simulator, and it is missing.",
    remedy: "Build it with `npm run build`, or install the package again.",
  },
  DEMO_PROGRAM_FAILED: {
    happened: "A program that the demo runs ended with an error.",
    remedy: "Read what the program said; `tapback doctor` finds what is wrong with the machine.",
  },
  DEMO_GATEWAY_FAILED: {
    happened: "The gateway of the demo did not start.",
    remedy: "Read its last lines; a busy machine may need a second try.",
  },
  DEMO_TIMEOUT: {
    happened: "The conversation of the demo was not over in time.",
    remedy: "Try again: the machine may be very busy.",
  },
  DEMO_INTERRUPTED: {
    happened: "The demo was interrupted.",
    remedy: "Start it again with `tapback demo`.",
  },
  DEMO_UNANSWERED: {
    happened: "A message of the demo did not get its answer.",
    remedy: "Try again; if it stays so, report it with the lines that it printed.",
  },
} satisfies ErrorTexts;
