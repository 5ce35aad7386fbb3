import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { signalGroup } from "./process-group.js";

/** A program that was started. */
export interface StartedProgram {
  child: ChildProcessWithoutNullStreams;
  /** Signals it, and everything it started. */
  signal(signal: NodeJS.Signals): void;
}

/** Starts a program as the leader of a group of its own. @throws where it cannot be started */
export function startProgram(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv | undefined,
): StartedProgram {
  const child = spawn(program, args, {
    stdio: ["pipe", "pipe", "pipe"],
    env: env ?? process.env,
    detached: true,
    windowsHide: true,
  });
  return { child, signal: (signal) => signalGroup(child, signal) };
}
