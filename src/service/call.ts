import { execFile } from "node:child_process";
import { type Clock, messageOf, TapbackError } from "../platform/index.js";
import type { ManagerAnswer, ManagerCall, ServiceManager } from "./manager.js";

/** A service manager that waits for its bus may take a while, milliseconds. */
const answerMs = 30_000;
/** Between two looks at a service that ends, milliseconds. */
const lookEveryMs = 250;
/** Between two tries of what fails for a moment, and how many there are. */
const retryMs = 1000;
const mostTries = 10;

/** What commands of a service manager need beside it. */
export interface CallDeps {
  env: NodeJS.ProcessEnv;
  clock: Clock;
  /** Told what is waited for, when it takes a while. */
  onProgress: (text: string) => void;
}

/** Asks the service manager's program; what it answers is never an error here. */
export function callManager(
  { program, stopMs }: Pick<ServiceManager, "program" | "stopMs">,
  args: string[],
  env: NodeJS.ProcessEnv,
): Promise<ManagerAnswer> {
  return new Promise((resolve) => {
    // A command that ends the service may wait for that end.
    execFile(program, args, { env, timeout: answerMs + stopMs }, (error, stdout, stderr) => {
      const exitCode = error ? (typeof error.code === "number" ? error.code : -1) : 0;
      resolve({ exitCode, stdout, stderr: stderr || (error ? messageOf(error) : "") });
    });
  });
}

/**
 * Gives the service manager one command after the other.
 * @throws TapbackError `SERVICE_MANAGER_FAILED` with all that the manager said, `SERVICE_NO_DESKTOP`
 */
export async function callAll(manager: ServiceManager, calls: ManagerCall[], deps: CallDeps): Promise<void> {
  for (const call of calls) {
    const { exitCode, stderr } = await tried(manager, call, deps);
    if (exitCode !== 0 && !call.mayFail) throw failure(manager, call.args, exitCode, stderr);
    if (call.doneWhenFails) await untilDone(manager, call.doneWhenFails, deps);
  }
}

async function tried(
  manager: ServiceManager,
  { args, passing = [] }: ManagerCall,
  { env, clock, onProgress }: CallDeps,
): Promise<ManagerAnswer> {
  for (let tries = 1; ; tries += 1) {
    const answer = await callManager(manager, args, env);
    if (answer.exitCode === 0 || tries === mostTries || !passing.includes(numberOf(answer))) return answer;
    if (tries === 1) onProgress(`${manager.name} is not ready for it yet, trying again …`);
    await clock.sleep(retryMs);
  }
}

async function untilDone(
  manager: ServiceManager,
  { args, withinMs, meanwhile }: NonNullable<ManagerCall["doneWhenFails"]>,
  { env, clock, onProgress }: CallDeps,
): Promise<void> {
  const end = clock.now() + withinMs;
  for (let looks = 1; ; looks += 1) {
    // A question that got no answer says nothing.
    if ((await callManager(manager, args, env)).exitCode > 0) return;
    if (clock.now() >= end) break;
    if (looks === 2) onProgress(meanwhile);
    await clock.sleep(lookEveryMs);
  }
  throw new TapbackError(
    "SERVICE_MANAGER_FAILED",
    `the service that ran before did not end within ${Math.round(withinMs / 1000)} s`,
    { hint: `Look at it with: ${manager.program} ${args.join(" ")}` },
  );
}

/** Some versions of launchctl name the number in the text alone: `Bootstrap failed: 5: Input/output error`. */
function numberOf({ exitCode, stderr }: ManagerAnswer): number {
  return Number(/failed: (\d+):/.exec(stderr)?.[1] ?? exitCode);
}

function failure(manager: ServiceManager, args: string[], exitCode: number, stderr: string): TapbackError {
  const told = stderr.trim() || (exitCode < 0 ? "no answer" : `exit code ${exitCode}`);
  const said = told.includes("\n") ? `\n${told}` : ` ${told}`;
  return (
    manager.errorOf?.(numberOf({ exitCode, stdout: "", stderr }), told) ??
    new TapbackError("SERVICE_MANAGER_FAILED", `${manager.program} ${args.join(" ")} failed:${said}`, {
      hint: "Run it as the user who is to own the gateway, in that user's own session (not with sudo).",
    })
  );
}
