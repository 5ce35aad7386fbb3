import { type ChildProcessByStdio, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { PassThrough, type Readable, type Writable } from "node:stream";
import {
  awaitWithin,
  descendantsOf,
  errnoOf,
  messageOf,
  signalTo,
  sleep,
  systemClock,
  TapbackError,
} from "../../platform/index.js";
import type { ChildRecords } from "./child-records.js";
import { Tail } from "./tail.js";

/** How a program is started: an argument list, never a shell. */
export interface ChildOptions {
  command: string;
  args: string[];
  /** Absolute. */
  cwd: string;
  /** The whole environment. */
  env: Record<string, string | undefined>;
  /** Between SIGTERM and SIGKILL, milliseconds. */
  graceMs?: number;
  /** Where it is written down for the case that this process is killed; absent: nowhere. */
  records?: ChildRecords | undefined;
}

/** How a program ended. */
export interface ChildEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
}

const stderrKept = 4000;
/** After the exit a grandchild may hold stdout open for ever; what was written before is read within this time. */
const drainMs = 500;

/**
 * A program that an agent runs, leader of its own process group, so that it can be ended with all that it started.
 * The gateway's own signals (a terminal's Ctrl-C) do not reach it.
 */
export class Child {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly pid: number;
  /** Settles when the program has exited and its output is read (or given up). Never rejects. */
  readonly ended: Promise<ChildEnd>;
  /** Told of everything that it writes to stderr. */
  onStderr: (chunk: Buffer) => void = () => {};
  readonly #stderr = new Tail(stderrKept);
  readonly #graceMs: number;
  #exit: ChildEnd | undefined;
  #stopping: Promise<void> | undefined;

  /** Settles when the program is written down. */
  readonly #recorded: Promise<void>;

  private constructor(
    process: ChildProcessByStdio<Writable, Readable, Readable>,
    { graceMs = 2000, records }: ChildOptions,
  ) {
    // It is told nothing before it is written down, and what it writes is read from the start: Node throws away what
    // nobody has begun to read when a program exits.
    const input = new PassThrough();
    this.stdin = input;
    this.stdout = process.stdout;
    this.pid = process.pid!;
    this.#graceMs = graceMs;
    this.#recorded = Promise.resolve(records?.keep(this.pid));
    void this.#recorded.then(() => input.pipe(process.stdin));
    // A write after the end is told by an event, too: an answer may come when the program is being ended already.
    input.on("error", () => {});
    // EPIPE: a program need not read what it is given.
    process.stdin.on("error", () => {});
    process.stdout.on("error", () => {});
    process.stderr.on("error", () => {});
    process.stderr.on("data", (chunk: Buffer) => {
      this.#stderr.push(chunk);
      this.onStderr(chunk);
    });
    this.ended = new Promise((resolve) => {
      let isOver = false;
      const finish = () => {
        if (isOver) return;
        isOver = true;
        signalTo(-this.pid, "SIGKILL");
        for (const stream of [input, process.stdin, process.stdout, process.stderr]) stream.destroy();
        records?.forget(this.pid);
        resolve(this.#exit!);
      };
      const closed = new Promise((done) => process.once("close", done));
      process.once("exit", async (code, signal) => {
        this.#exit = { code, signal };
        await this.#recorded;
        // Timers come before what can be read: on a busy machine something may still lie in the pipe by then.
        const timer = setTimeout(() => setImmediate(finish), drainMs);
        await closed;
        clearTimeout(timer);
        finish();
      });
    });
  }

  /**
   * Starts a program.
   * @throws TapbackError AGENT_NOT_FOUND (no such program), AGENT_CWD (no such folder), AGENT_START (not allowed, too many processes, …)
   */
  static start(options: ChildOptions): Promise<Child> {
    return new Promise((resolve, reject) => {
      const refuse = (error: unknown) => reject(startError(options, error));
      try {
        const process = spawn(options.command, options.args, {
          cwd: options.cwd,
          env: options.env as NodeJS.ProcessEnv,
          stdio: ["pipe", "pipe", "pipe"],
          detached: true,
        });
        process.once("error", refuse);
        process.once("spawn", () => {
          process.off("error", refuse);
          process.on("error", () => {});
          resolve(new Child(process, options));
        });
      } catch (error) {
        // A NUL byte in an argument and the like.
        refuse(error);
      }
    });
  }

  /** Whether the program still runs. */
  get running(): boolean {
    return this.#exit === undefined;
  }

  /** The end of what it wrote to stderr, at most 4,000 characters. */
  get stderr(): string {
    return this.#stderr.toString();
  }

  /** Ends the program and everything below it: SIGTERM, and SIGKILL after the grace. Safe to call again. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    if (!this.running) {
      await this.ended;
      return;
    }
    // Before its input ends: a program that goes with it leaves nobody by whom those below it are found.
    const below = await descendantsOf(this.pid);
    this.stdin.end();
    const all = [-this.pid, ...below];
    for (const pid of all) signalTo(pid, "SIGTERM");
    const timeUp = new AbortController();
    const exited = this.ended.then(() => timeUp.abort());
    await sleep(this.#graceMs, timeUp.signal);
    // Those that left the group or ignored SIGTERM; what they started since has their parent's id.
    const late = this.running ? await descendantsOf(this.pid) : [];
    for (const pid of [...all, ...late]) signalTo(pid, "SIGKILL");
    await awaitWithin(systemClock, this.#graceMs, exited);
  }
}

function startError({ command, cwd }: ChildOptions, error: unknown): TapbackError {
  if (errnoOf(error) !== "ENOENT")
    return new TapbackError(
      "AGENT_START",
      `The program "${command}" could not be started: ${messageOf(error)}`,
      {
        hint: "Check that the file is executable and that the machine is not out of processes or memory.",
        cause: error,
      },
    );
  if (!existsSync(cwd))
    return new TapbackError("AGENT_CWD", `The working folder "${cwd}" does not exist`, {
      hint: "Create it, or change `cwd` or the agent's `workspace`.",
      cause: error,
    });
  return new TapbackError("AGENT_NOT_FOUND", `The program "${command}" was not found`, {
    hint: "Install it, or give its full path as `command`; PATH is the one of the gateway.",
    cause: error,
  });
}
