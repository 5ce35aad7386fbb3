import { type Clock, LineSplitter, type StartedProgram, type StopTimer } from "../../platform/index.js";
import type { BridgeError } from "../error.js";
import { type ImsgCommand, startImsg } from "./command.js";
import { exitReason, spawnReason } from "./exit-reason.js";
import { StderrLog } from "./stderr-log.js";

/** A notification of 600 KB is real (protocol reference 12, row 17); this is far above, and still bounds memory. */
const longestLine = 64 * 1024 * 1024;

/** Between closing stdin, SIGTERM and SIGKILL, milliseconds (protocol reference 1.1). */
const stepMs = 500;

const wordsKept = 20;
const wordLength = 500;

/** What a child does, told as it happens. */
export interface RpcProcessEvents {
  /** One line of stdout. @returns false when it was not JSON-RPC; it then serves to explain an exit */
  line(line: string): boolean;
  /** A line was longer than 64 MB and was left out. */
  oversized(bytes: number): void;
  /** One line of stderr, redacted. */
  log(line: string): void;
  /** The child is gone and its output read to the end. Told exactly once, also when it could not be started. */
  end(error: BridgeError): void;
}

/** One `imsg rpc` child: its life, its pipes, nothing of what the lines mean. */
export class RpcProcess {
  readonly #started: StartedProgram | undefined;
  readonly #stderr: StderrLog;
  readonly #words: string[] = [];
  readonly #timers = new Set<StopTimer>();
  readonly #ended: Promise<void>;
  #markEnded: () => void = () => {};
  #finished = false;
  #closing = false;
  #reason: BridgeError | undefined;

  /** Starts the child. Failures come through `events.end`, never as an exception. */
  constructor(
    command: ImsgCommand,
    private readonly events: RpcProcessEvents,
    private readonly clock: Clock,
  ) {
    this.#ended = new Promise((resolve) => {
      this.#markEnded = resolve;
    });
    this.#stderr = new StderrLog(clock.now, (line) => events.log(line));
    const args = command.dbPath === undefined ? ["rpc"] : ["rpc", "--db", command.dbPath];
    try {
      this.#started = startImsg(command, args);
      this.#attach(this.#started);
    } catch (error) {
      queueMicrotask(() => this.#finish(spawnReason(error)));
    }
  }

  /** Undefined when the child never started or is gone. */
  get pid(): number | undefined {
    return this.#finished ? undefined : this.#started?.child.pid;
  }

  /** Hands one line to the child; a line feed is added. @returns false when it surely never gets there */
  write(line: string): boolean {
    const stdin = this.#started?.child.stdin;
    if (!stdin?.writable) return false;
    // Requests of one moment go in one write: each would wake the child for itself.
    stdin.cork?.();
    stdin.write(`${line}\n`);
    process.nextTick(() => stdin.uncork?.());
    return true;
  }

  /**
   * Ends the child: stdin closed, SIGTERM after 500 ms, SIGKILL after another 500 ms, each to its whole group.
   * @param reason told as the reason of the end
   * @returns when it is gone
   */
  close(reason: BridgeError): Promise<void> {
    if (!this.#closing && !this.#finished) {
      this.#closing = true;
      this.#reason = reason;
      this.#started?.child.stdin.end();
      this.#terminateSoon();
    }
    return this.#ended;
  }

  /** A better reason of the end showed while the child was being closed. */
  explain(reason: BridgeError): void {
    this.#reason = reason;
  }

  #attach(started: StartedProgram): void {
    const { child } = started;
    const splitter = new LineSplitter(
      longestLine,
      (line) => this.#line(line),
      (bytes) => this.events.oversized(bytes),
    );
    child.stdout.on("data", (chunk: Buffer) => splitter.push(chunk));
    child.stdout.on("end", () => {
      const rest = splitter.end();
      if (rest !== undefined) this.#line(rest);
      // A child that closed its stdout can never answer again.
      this.#terminateSoon();
    });
    child.stderr.on("data", (chunk: Buffer) => this.#stderr.push(chunk));
    child.stderr.on("end", () => this.#stderr.end());
    // EPIPE: the child closed its stdin or is dying; in both cases it is of no more use.
    child.stdin.on("error", () => this.#terminateSoon());
    child.stdout.on("error", () => this.#terminateSoon());
    child.stderr.on("error", () => {});
    child.on("error", (error) => {
      if (child.pid === undefined) this.#finish(spawnReason(error));
    });
    child.on("exit", () => {
      // `close` follows when all pipes are closed; what still holds them after a step is a left-over of the group.
      this.#after(stepMs, () => {
        started.signal("SIGKILL");
        this.#after(stepMs, () => this.#finishAfterExit(started));
      });
    });
    child.on("close", () => this.#finishAfterExit(started));
  }

  #line(line: string): void {
    if (line.trim() === "" || this.events.line(line)) return;
    this.#words.push(line.slice(0, wordLength));
    if (this.#words.length > wordsKept) this.#words.shift();
  }

  #terminateSoon(): void {
    const started = this.#started;
    if (started === undefined || this.#finished) return;
    this.#after(stepMs, () => {
      started.signal("SIGTERM");
      this.#after(stepMs, () => started.signal("SIGKILL"));
    });
  }

  #after(ms: number, act: () => void): void {
    const stopTimer = this.clock.after(ms, () => {
      this.#timers.delete(stopTimer);
      if (!this.#finished) act();
    });
    this.#timers.add(stopTimer);
  }

  #finishAfterExit({ child, signal }: StartedProgram): void {
    // What it started and left behind must not go on with a send that is looked for next.
    signal("SIGKILL");
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
    this.#finish(exitReason(child.exitCode, child.signalCode, [...this.#words, ...this.#stderr.last]));
  }

  #finish(error: BridgeError): void {
    if (this.#finished) return;
    this.#finished = true;
    for (const stopTimer of this.#timers) stopTimer();
    this.events.end(this.#reason ?? error);
    this.#markEnded();
  }
}
