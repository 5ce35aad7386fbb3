import { execFile } from "node:child_process";
import { messageOf, TapbackError } from "../../platform/index.js";
import type { ManagerCall, ServiceManager } from "./manager.js";

/** A service manager that waits for its bus may take a while, milliseconds. */
const timeoutMs = 30_000;

/** What the service manager's program answered. */
interface ManagerAnswer {
  exitCode: number;
  stdout: string;
  stderr: string;
}

export function callManager(
  { program }: ServiceManager,
  args: string[],
  env: NodeJS.ProcessEnv,
): Promise<ManagerAnswer> {
  return new Promise((resolve) => {
    execFile(program, args, { env, timeout: timeoutMs }, (error, stdout, stderr) => {
      const exitCode = error ? (typeof error.code === "number" ? error.code : 1) : 0;
      resolve({ exitCode, stdout, stderr: stderr || (error ? messageOf(error) : "") });
    });
  });
}

/** @throws TapbackError `SERVICE_MANAGER_FAILED` with what the manager said */
export async function callAll(
  manager: ServiceManager,
  calls: ManagerCall[],
  env: NodeJS.ProcessEnv,
): Promise<void> {
  for (const { args, mayFail } of calls) {
    const { exitCode, stderr } = await callManager(manager, args, env);
    if (exitCode === 0 || mayFail) continue;
    throw new TapbackError(
      "SERVICE_MANAGER_FAILED",
      `${manager.program} ${args.join(" ")} failed: ${stderr.trim().split("\n").at(-1) || `exit code ${exitCode}`}`,
      { hint: "Run it as the user who is to own the gateway, in that user's own session (not with sudo)." },
    );
  }
}
