import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, resolve } from "node:path";
import { awaitWithin, systemClock, TapbackError } from "../../platform/index.js";

/** Where the two programs of this package lie. */
export interface ProgramPaths {
  tapback: string;
  simulator: string;
}

/** How long a program that was asked to end may take before it is killed, milliseconds. */
const endMs = 2500;

/**
 * @param started the path of the script that Node runs, which may be a link in some `bin` folder
 * @throws `DEMO_INCOMPLETE` when the simulator does not lie beside it
 */
export function programPaths(started: string): ProgramPaths {
  const tapback = realpathSync(started);
  const simulator = resolve(dirname(tapback), "../simulator/main.js");
  if (existsSync(simulator)) return { tapback, simulator };
  throw new TapbackError("DEMO_INCOMPLETE", `the demo needs the simulator, and ${simulator} is missing`, {
    hint: "Build it with `npm run build`, or install the package again.",
  });
}

/** The processes of a demo: started here, and ended here whatever happens. */
export class Programs {
  readonly #running = new Set<ChildProcess>();

  constructor(
    readonly paths: ProgramPaths,
    readonly env: Record<string, string | undefined>,
  ) {
    // `#!/usr/bin/env node` of the simulator must find this very Node.
    this.env = { ...env, PATH: [dirname(process.execPath), env.PATH].join(delimiter) };
  }

  /** Starts one of the programs; its stdout and stderr are pipes, its stdin on request. */
  start(program: keyof ProgramPaths, args: string[], stdin: "pipe" | "ignore" = "ignore"): ChildProcess {
    const child = spawn(process.execPath, [this.paths[program], ...args], {
      env: this.env,
      stdio: [stdin, "pipe", "pipe"],
    });
    this.#running.add(child);
    child.on("exit", () => this.#running.delete(child));
    child.on("error", () => this.#running.delete(child));
    return child;
  }

  /** Runs one of the programs to its end. @returns its stdout @throws `DEMO_PROGRAM_FAILED` with its stderr */
  run(program: keyof ProgramPaths, args: string[]): Promise<string> {
    const child = this.start(program, args);
    return new Promise((done, failed) => {
      let stdout = "";
      let stderr = "";
      child.stdout!.setEncoding("utf8").on("data", (text: string) => {
        stdout += text;
      });
      child.stderr!.setEncoding("utf8").on("data", (text: string) => {
        stderr += text;
      });
      child.on("error", failed);
      child.on("close", (code) => {
        if (code === 0) return done(stdout);
        const name = program === "tapback" ? "tapback" : "imsg-sim";
        failed(
          new TapbackError("DEMO_PROGRAM_FAILED", `${name} ${args[0]} failed: ${(stderr || stdout).trim()}`),
        );
      });
    });
  }

  /** Ends everything, kindly first. */
  async end(): Promise<void> {
    const running = [...this.#running];
    const gone = running.map((child) => new Promise<void>((done) => child.once("exit", () => done())));
    for (const child of running) child.kill("SIGTERM");
    await awaitWithin(systemClock, endMs, Promise.all(gone));
    this.kill();
  }

  /** Ends everything at once. */
  kill(): void {
    for (const child of this.#running) child.kill("SIGKILL");
  }
}
