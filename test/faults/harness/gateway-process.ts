import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { until } from "./wait.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Programs of the test build, which has the crash points compiled in. */
export const tapbackPath = join(root, "dist-test/cli/main.js");
export const simulatorPath = join(root, "dist-test/simulator/main.js");

/** Waits of the product, made short enough to play hundreds of faults (milliseconds). */
export const quickTimes = {
  TAPBACK_TEST_GRACE_MS: "400",
  TAPBACK_TEST_LOOKUP_MS: "300",
  TAPBACK_TEST_RETRY_MS: "50",
  TAPBACK_TEST_RESTART_MS: "30",
  TAPBACK_TEST_RESTART_MAX_MS: "200",
};

/** How a gateway process ended. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** `tapback gateway` as a real process. */
export class GatewayProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Ending>;
  #ending: Ending | undefined;
  #log = "";

  /** @param crashAt `point:n`, see `src/platform/crash-point.ts` */
  constructor(
    folder: string,
    options: { crashAt?: string; env?: Record<string, string>; args?: string[] } = {},
  ) {
    if (!existsSync(tapbackPath)) throw new Error("there is no test build: TAPBACK_BUILD=test npx tsdown");
    // Certificates that nothing here asks for take a third of a second to read, in each of hundreds of processes.
    const { TAPBACK_CRASH_AT: _, NODE_EXTRA_CA_CERTS: __, ...env } = process.env;
    this.#child = spawn(process.execPath, [tapbackPath, "gateway", ...(options.args ?? [])], {
      env: {
        ...env,
        HOME: folder,
        // Commands of imsg that name no database.
        IMSG_SIM_HOME: folder,
        TAPBACK_STATE_DIR: join(folder, "state"),
        TAPBACK_CONFIG: join(folder, "tapback.json5"),
        ...quickTimes,
        ...(options.crashAt === undefined ? {} : { TAPBACK_CRASH_AT: options.crashAt }),
        ...options.env,
      },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream.on("data", (chunk: Buffer) => {
        this.#log += chunk.toString();
      });
    this.ended = new Promise((resolve) => {
      this.#child.on("close", (code, signal) => {
        this.#ending = { code, signal };
        resolve(this.#ending);
      });
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  get log(): string {
    return this.#log;
  }

  /** Undefined while it runs. */
  get ending(): Ending | undefined {
    return this.#ending;
  }

  /** Waits until it is connected to Messages. @returns false when it ended before */
  async live(): Promise<boolean> {
    await until(
      () => this.#ending !== undefined || /connected to Messages|imsg answers again/.test(this.#log),
      () => `the gateway is not up:\n${this.#log}`,
    );
    return this.#ending === undefined;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Whoever reads its log goes away, as `| head` does. */
  leaveLog(): void {
    this.#child.stdout.destroy();
    this.#child.stderr.destroy();
  }

  /** Ends it as an operator would. */
  async stop(): Promise<Ending> {
    this.kill("SIGTERM");
    return this.ended;
  }

  /** Process ids of its children. */
  async children(): Promise<number[]> {
    const { execFileSync } = await import("node:child_process");
    try {
      return execFileSync("pgrep", ["-P", String(this.pid)], { encoding: "utf8" })
        .split("\n")
        .filter(Boolean)
        .map(Number);
    } catch {
      return [];
    }
  }
}
