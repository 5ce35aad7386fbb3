import { type ChildProcess, fork } from "node:child_process";
import { type Plan, planOf } from "./plan.js";
import { playAlone } from "./play-alone.js";
import type { RunResult } from "./run.js";

/** What a worker is asked to play. */
export type Asked = Pick<Plan, "seed" | "profile"> & { messages: number; nodes: number };

/**
 * New objects get more room before they are looked through, for a run makes many, and most die at once; and functions are compiled
 * at once, for most of what runs here is called too seldom to be found worth it.
 */
const swift = ["--max-semi-space-size=64", "--always-sparkplug", "--no-lazy-feedback-allocation"];

/** What plays one run after another. */
export interface Player {
  /** Never rejects: what goes wrong is the result. */
  play(asked: Asked): Promise<RunResult>;
  close(): void;
}

/** Plays in this process. */
export class HerePlayer implements Player {
  play({ seed, profile, messages, nodes }: Asked): Promise<RunResult> {
    return playAlone(planOf(seed, messages, profile, nodes));
  }

  close(): void {}
}

/** Plays what the parent asks for, one run after another. @returns when the parent is gone */
export function serveSeeds(): Promise<boolean> {
  const player = new HerePlayer();
  process.on("message", async (asked: Asked) => process.send?.(await player.play(asked)));
  return new Promise((resolve) => process.once("disconnect", () => resolve(true)));
}

/** A process that plays one run after another, so that what is compiled once serves them all. */
export class Worker implements Player {
  #child: ChildProcess | undefined;
  #said = "";

  /** Plays a run; a process that dies at it is a result as well. */
  play(asked: Asked): Promise<RunResult> {
    this.#child ??= this.#start();
    const child = this.#child;
    return new Promise((resolve) => {
      const done = (result: RunResult) => {
        child.off("message", done);
        child.off("close", died);
        resolve(result);
      };
      const died = (code: number | null) => {
        this.#child = undefined;
        done(brokenOff(asked, `the process ended with ${code}: ${this.#said.slice(-500)}`));
      };
      child.on("message", done);
      child.on("close", died);
      child.send(asked);
    });
  }

  /** Ends the process. */
  close(): void {
    this.#child?.disconnect();
  }

  #start(): ChildProcess {
    this.#said = "";
    const child = fork(process.argv[1]!, ["--worker"], {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      execArgv: swift,
    });
    for (const output of [child.stdout, child.stderr])
      output?.on("data", (chunk: Buffer) => {
        this.#said = (this.#said + chunk.toString()).slice(-4000);
      });
    return child;
  }
}

function brokenOff({ seed, profile }: Asked, what: string): RunResult {
  const nothing = { steps: 0, messages: 0, worldMs: 0, cpuMs: 0, hash: "", counts: {} };
  return { seed, profile, ...nothing, violation: { invariant: "the run itself", what, step: -1 } };
}
