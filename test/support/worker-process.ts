import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { GatewayLab } from "./gateway-lab.js";
import { until } from "./process-alive.js";

/** A worker as a program, with a state folder of its own, on the state of a lab's gateway. */
export class WorkerProcess {
  #log = "";

  private constructor(
    readonly name: string,
    readonly child: ChildProcess,
  ) {
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk: Buffer) => {
        this.#log += chunk.toString();
      });
  }

  /** Starts one, and waits until it takes turns. @param env beside the lab's own */
  static async start(
    lab: GatewayLab,
    name: string,
    agents = "main",
    env: Record<string, string> = {},
  ): Promise<WorkerProcess> {
    const own = { WHO: name, TAPBACK_STATE_DIR: join(lab.folder, name), ...env };
    const child = spawn(process.execPath, [lab.main, "worker", "--agents", agents, "--name", name], {
      env: { ...lab.env, ...own },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const worker = new WorkerProcess(name, child);
    await until(`${name} takes turns`, () => {
      if (child.exitCode !== null) throw new Error(`${name} ended:\n${worker.log}`);
      return worker.log.includes(" is up");
    });
    return worker;
  }

  get log(): string {
    return this.#log;
  }

  /** Ends it. @param how `in order`, or as a crash would */
  async end(how: "in order" | "at once" = "in order"): Promise<number | null> {
    const { child } = this;
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(how === "in order" ? "SIGTERM" : "SIGKILL");
    await ended;
    return child.exitCode;
  }
}
