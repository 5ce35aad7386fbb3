import { ChildProcess } from "node:child_process";
import { systemClock } from "../clock.js";
import { deadline } from "../deadline.js";
import { type StartedProgram, startProgram } from "./start-program.js";

/** How a program is run once: an argument list, never a shell. */
export interface ProgramOptions {
  env?: NodeJS.ProcessEnv | undefined;
  /** After this it is killed, with all it started; milliseconds. */
  timeoutMs: number;
  /** Text for its stdin; without it stdin is empty. */
  input?: string;
  /** Starts it in another way. */
  start?: (() => StartedProgram) | undefined;
  /** Ends it before its time. */
  signal?: AbortSignal | undefined;
}

/** What one run of a program came to. */
export type ProgramRun =
  | {
      state: "ended";
      /** Null when a signal ended it. */
      exitCode: number | null;
      stdout: string;
      stderr: string;
    }
  | { state: "timeout" | "aborted" }
  | { state: "failed"; error: unknown };

/** Most that is kept of both streams together; what comes after is drained and left out. */
const mostBytes = 8 * 1024 * 1024;

const underWay = new Set<ChildProcess>();

/** The programs that this process runs to their end now. They take the machine's time, whatever clock their caller has. */
export function programsUnderWay(): ChildProcess[] {
  return [...underWay];
}

/** Runs a program to its end. Never rejects. */
export function runProgram(program: string, args: string[], options: ProgramOptions): Promise<ProgramRun> {
  const { env, timeoutMs, input, signal, start = () => startProgram(program, args, env) } = options;
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve({ state: "aborted" });
    let started: StartedProgram;
    try {
      started = start();
    } catch (error) {
      return resolve({ state: "failed", error });
    }
    const { child } = started;
    // Played ones have their player's time.
    if (child instanceof ChildProcess) underWay.add(child);
    const settle = (run: ProgramRun) => {
      if (child instanceof ChildProcess) underWay.delete(child);
      stopTimer();
      signal?.removeEventListener("abort", abort);
      resolve(run);
    };
    const kill = (state: "timeout" | "aborted") => {
      started.signal("SIGKILL");
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
      settle({ state });
    };
    const stopTimer = deadline(systemClock, timeoutMs, () => kill("timeout"));
    const abort = () => kill("aborted");
    signal?.addEventListener("abort", abort, { once: true });
    let room = mostBytes;
    const collect = (parts: Buffer[]) => (chunk: Buffer) => {
      const part = chunk.subarray(0, room);
      room -= part.length;
      if (part.length > 0) parts.push(part);
    };
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", collect(stdout));
    child.stderr.on("data", collect(stderr));
    // EPIPE: a program need not read what it is given.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
    child.on("error", (error) => settle({ state: "failed", error }));
    child.on("close", (exitCode) =>
      settle({
        state: "ended",
        exitCode,
        stdout: Buffer.concat(stdout).toString("utf8"),
        stderr: Buffer.concat(stderr).toString("utf8"),
      }),
    );
  });
}
