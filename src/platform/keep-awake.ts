import { type ChildProcess, spawn } from "node:child_process";
import { messageOf } from "./errors.js";
import { findProgram } from "./find-program.js";
import type { Log } from "./log.js";

export interface KeepAwakeDeps {
  env: Record<string, string | undefined>;
  log: Pick<Log, "warn">;
}

/**
 * Keeps a Mac from sleeping while nobody uses it, through `caffeinate` (behaviour 1.7). That ends with this process however it
 * ends. A Mac that cannot be kept awake is served all the same.
 */
export class KeepAwake {
  #child: ChildProcess | undefined;

  constructor(private readonly deps: KeepAwakeDeps) {}

  /** Does as `gateway.keepAwake` says. */
  set(isWanted: boolean): void {
    if (!isWanted) this.stop();
    else if (this.#child === undefined && isMac(this.deps.env)) this.#start();
  }

  /** The Mac may sleep again. */
  stop(): void {
    const child = this.#child;
    this.#child = undefined;
    child?.kill();
  }

  #start(): void {
    const { env, log } = this.deps;
    const program = findProgram("caffeinate", env) ?? "/usr/bin/caffeinate";
    let child: ChildProcess;
    try {
      child = spawn(program, ["-i", "-w", String(process.pid)], { env, stdio: "ignore" });
    } catch (error) {
      log.warn(`the Mac is not kept awake: ${messageOf(error)}`);
      return;
    }
    this.#child = child;
    child.unref();
    const ended = (why: string) => {
      if (this.#child !== child) return;
      this.#child = undefined;
      log.warn(`the Mac is not kept awake any more: ${why}`);
    };
    child.on("error", (error) => ended(messageOf(error)));
    child.on("exit", (code, signal) => ended(`caffeinate ended with ${signal ?? code}`));
  }
}

/** Some Linux has a `caffeinate` of its own, which does something else. */
function isMac(env: KeepAwakeDeps["env"]): boolean {
  return findProgram("launchctl", env) !== undefined;
}
