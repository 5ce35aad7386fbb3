import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { TapbackError } from "../platform/index.js";
import { serviceApp } from "./app.js";
import { installCommand } from "./install-command.js";
import type { ManagerCall, ServiceManager } from "./manager.js";
import { programsOf, type ServicePlan } from "./plan.js";
import { plist, plistString, plistStrings } from "./plist.js";
import { commandInRunFile, runFile, runFilePath } from "./run-file.js";

const label = "com.tapback.gateway";

/** What launchd takes longer than a service's time to end, seconds. */
const endsAfter = 5;

/** `launchctl error`: 5 while the service before is not gone yet (and for a file that it cannot use), 37 while it is on its way. */
const passing = [5, 37];
/** The domain `gui/UID` is there only while the user is logged in at the screen. */
const noDesktop = 125;

/**
 * The gateway as a launchd agent of a user: in the session where Messages runs, so that its permissions hold.
 * @param uid of that user
 * @param throughApp whether it runs through an app of its own; absent: as it is installed
 */
export function launchdService(plan: ServicePlan, uid: number, throughApp?: boolean): ServiceManager {
  const file = join(plan.home, "Library/LaunchAgents", `${label}.plist`);
  const log = join(plan.stateDir, "gateway.log");
  const run = runFilePath(plan.stateDir);
  const app = { ...serviceApp(plan.home, run), run: { file: run, content: runFile(plan, log) } };
  const startedIn = (content: string) => plistStrings(content, "ProgramArguments");
  const gatewayIn = (content: string) => {
    const command = startedIn(content);
    return command[0] === app.program ? commandInRunFile(readIfThere(run)) : command;
  };
  const isThroughApp = throughApp ?? startedIn(readIfThere(file))[0] === app.program;
  const domain = `gui/${uid}`;
  const service = `${domain}/${label}`;
  // What runs now has the time that it was installed with.
  const stopSeconds = Math.max(plan.stopSeconds, installedStopSeconds(file));
  const end: ManagerCall = {
    args: ["bootout", service],
    mayFail: true,
    doneWhenFails: {
      args: ["print", service],
      withinMs: (stopSeconds + endsAfter) * 1000,
      meanwhile: `waiting until the running gateway has ended, at most ${stopSeconds + endsAfter} s …`,
    },
  };
  const begin: ManagerCall[] = [
    // launchd remembers that a service was disabled once, whatever its file says.
    { args: ["enable", service], mayFail: true },
    end,
    { args: ["bootstrap", domain, file], passing },
  ];
  return {
    name: "launchd",
    program: "launchctl",
    file,
    content: plist(label, isThroughApp ? { ...plan, command: [app.program] } : plan, log),
    ...(isThroughApp && { app }),
    again: installCommand(plan, ...(isThroughApp ? [] : ["--no-app"])),
    install: begin,
    restart: begin,
    uninstall: { before: [end], after: [] },
    ask: {
      args: ["print", service],
      isLoaded: ({ exitCode }) => exitCode === 0,
      isRunning: ({ exitCode, stdout }) => exitCode === 0 && /^\s*state = running$/m.test(stdout),
    },
    stopMs: stopSeconds * 1000,
    logs: (lines, follow) => ({
      program: "tail",
      args: ["-n", String(lines), ...(follow ? ["-F"] : []), log],
    }),
    commandIn: startedIn,
    gatewayIn,
    stateIn: (content) => plistString(content, "TAPBACK_STATE_DIR"),
    programsIn: (content) => [
      ...programsOf(gatewayIn(content)),
      ...(startedIn(content)[0] === app.program ? [app.program, run] : []),
    ],
    errorOf: (number, said) =>
      number === noDesktop
        ? new TapbackError("SERVICE_NO_DESKTOP", `launchd has no desktop session of this user: ${said}`, {
            hint: "Log in at the Mac's own screen (or by Screen Sharing) as this user, stay logged in, and run it again, without sudo.",
          })
        : undefined,
    advice: `Its log: tapback service logs (${log})`,
  };
}

function installedStopSeconds(file: string): number {
  return Number(/<key>ExitTimeOut<\/key>\s*<integer>(\d{1,9})</.exec(readIfThere(file))?.[1] ?? 0);
}

function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}
