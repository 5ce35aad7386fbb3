import { spawn } from "node:child_process";
import { signalGroup } from "./process-group.js";

/** The reading end of a child's pipe, as Node's streams have it. */
interface ChildPipe {
  on(event: "data", heard: (piece: Buffer) => void): unknown;
  on(event: "end", heard: () => void): unknown;
  on(event: "error", heard: (error: Error) => void): unknown;
  destroy(): unknown;
}

/** What is used of a child process, so that something else can stand in for one. */
export interface Child {
  readonly pid?: number | undefined;
  readonly exitCode: number | null;
  readonly signalCode: NodeJS.Signals | null;
  readonly stdin: ChildPipe & {
    readonly writable: boolean;
    write(text: string): boolean;
    /** Keeps what is written until `uncork`, so that it goes out as one. */
    cork?(): void;
    uncork?(): void;
    end(text?: string): unknown;
  };
  readonly stdout: ChildPipe;
  readonly stderr: ChildPipe;
  /** Told when it could not be started or signalled. */
  on(event: "error", heard: (error: Error) => void): unknown;
  /** Told when it ended; `close` follows once its pipes are closed too. */
  on(event: "exit" | "close", heard: (exitCode: number | null) => void): unknown;
}

/** A program that was started. */
export interface StartedProgram {
  child: Child;
  /** Signals it, and everything it started. */
  signal(signal: NodeJS.Signals): void;
}

/**
 * Starts a program as the leader of a group of its own.
 * @param cwd its folder; that of this process when absent
 * @throws where it cannot be started
 */
export function startProgram(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv | undefined,
  cwd?: string,
): StartedProgram {
  const child = spawn(program, args, {
    stdio: ["pipe", "pipe", "pipe"],
    env: env ?? process.env,
    cwd,
    detached: true,
    windowsHide: true,
  });
  return { child, signal: (signal) => signalGroup(child, signal) };
}
