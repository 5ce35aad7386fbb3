import { execFileSync, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { until } from "../faults/harness/wait.js";
import { isAlive } from "../support/process-alive.js";

/** How long a process may take to end after it was told to. */
const endsMs = 120_000;

/** A program of other people that runs until it is told to stop. */
export class Program {
  private constructor(readonly pid: number) {}

  /** @param log file that gets what it says */
  static start(command: string, args: string[], env: NodeJS.ProcessEnv, cwd: string, log: string): Program {
    const out = openSync(log, "a");
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", out, out] });
    closeSync(out);
    return new Program(child.pid!);
  }

  /**
   * Tells it to end, and waits until it and all that it started have.
   * @returns the command lines of those that did not and were killed
   */
  async stop(): Promise<string[]> {
    const family = [{ pid: this.pid, command: "the gateway itself" }, ...descendants(this.pid)];
    if (isAlive(this.pid)) process.kill(this.pid, "SIGTERM");
    const stubborn: string[] = [];
    for (const { pid, command } of family)
      await until(
        () => !isAlive(pid),
        () => command,
        endsMs,
      ).catch(() => {
        stubborn.push(command);
        process.kill(pid, "SIGKILL");
      });
    return stubborn;
  }
}

function descendants(of: number): { pid: number; command: string }[] {
  const lines = execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" }).trim().split("\n");
  const all = lines.map((line) => {
    const [, pid = "", parent = "", command = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return { pid: Number(pid), parent: Number(parent), command };
  });
  const below = (parent: number): typeof all =>
    all.filter((one) => one.parent === parent).flatMap((one) => [one, ...below(one.pid)]);
  return below(of);
}
