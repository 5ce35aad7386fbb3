import type { ChildProcess } from "node:child_process";
import { LineSplitter, TapbackError } from "../../platform/index.js";
import type { Programs } from "./programs.js";

const maxLineBytes = 1024 * 1024;

interface Waiting {
  done(answer: string): void;
  failed(error: unknown): void;
}

/** Writes messages through one `imsg-sim say --stdin`: a process for each would be felt. */
export class Writer {
  readonly #waiting: Waiting[] = [];
  #child: ChildProcess | undefined;

  constructor(private readonly programs: Programs) {}

  /** @param words options of `imsg-sim say` @returns its line of JSON @throws `DEMO_PROGRAM_FAILED` */
  say(words: string[]): Promise<string> {
    this.#child ??= this.#start();
    const { stdin } = this.#child;
    return new Promise((done, failed) => {
      this.#waiting.push({ done, failed });
      stdin!.write(`${JSON.stringify(words)}\n`);
    });
  }

  #start(): ChildProcess {
    const child = this.programs.start("simulator", ["say", "--stdin", "--json"], "pipe");
    const lines = new LineSplitter(maxLineBytes, (line) => this.#waiting.shift()?.done(line));
    let complaint = "";
    const fail = (why: string) => {
      this.#child = undefined;
      for (const { failed } of this.#waiting.splice(0))
        failed(new TapbackError("DEMO_PROGRAM_FAILED", `imsg-sim say failed: ${why}`));
    };
    child.stdout!.on("data", (chunk: Buffer) => lines.push(chunk));
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      complaint += text;
    });
    child.stdin!.on("error", () => {});
    child.on("error", (error) => fail(error.message));
    child.on("close", () => fail(complaint.trim() || "it ended"));
    return child;
  }
}
