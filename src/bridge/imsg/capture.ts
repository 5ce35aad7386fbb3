import { spawn } from "node:child_process";
import type { BridgeError } from "../error.js";
import { type ImsgCommand, programOf } from "./command.js";
import { spawnReason } from "./exit-reason.js";
import { fault } from "./faults.js";
import { signalGroup } from "./process-group.js";

/** What one run of imsg printed. */
export interface Captured {
  /** Null when a signal ended it. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** Both streams together; what comes after is drained and left out. */
const mostBytes = 8 * 1024 * 1024;

/**
 * Runs imsg once to its end.
 * @param timeoutMs milliseconds after which it is killed, with all it started
 * @throws BridgeError when it could not be started, or `REQUEST_TIMEOUT`
 */
export function capture(command: ImsgCommand, args: string[], timeoutMs: number): Promise<Captured> {
  return new Promise((resolve, reject) => {
    const fail = (error: BridgeError) => {
      clearTimeout(timer);
      reject(error);
    };
    let timer: NodeJS.Timeout | undefined;
    let child: ReturnType<typeof start>;
    try {
      child = start(command, args);
    } catch (error) {
      fail(spawnReason(error));
      return;
    }
    timer = setTimeout(() => {
      signalGroup(child, "SIGKILL");
      for (const stream of [child.stdout, child.stderr]) stream.destroy();
      fail(fault("REQUEST_TIMEOUT", { detail: `imsg ${args.join(" ")}, ${timeoutMs} ms` }));
    }, timeoutMs);
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
    child.on("error", (error) => fail(spawnReason(error)));
    child.on("close", (exitCode) => {
      clearTimeout(timer);
      resolve({
        exitCode,
        stdout: Buffer.concat(stdout).toString("utf8"),
        stderr: Buffer.concat(stderr).toString("utf8"),
      });
    });
  });
}

function start(command: ImsgCommand, args: string[]) {
  return spawn(programOf(command), args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: command.env ?? process.env,
    detached: true,
    windowsHide: true,
  });
}
