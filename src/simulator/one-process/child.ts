import { EventEmitter } from "node:events";
import { type ClockScope, LineSplitter, scopedClock } from "../../platform/index.js";
import { dbOf } from "../cli/argv.js";
import { statusObject } from "../reading/status.js";
import type { Outside } from "../rpc/outside.js";
import { ReplayServer } from "../rpc/replay-server.js";
import { RpcServer } from "../rpc/server.js";
import type { Host } from "../world/host.js";
import { openPlace, type Place } from "../world/place.js";
import { Pipe, type PipeTimes } from "./pipe.js";

const maxLineBytes = 256 * 1024 * 1024;

/** Where a child runs. */
export interface ChildHome {
  /** The world's folder. */
  folder: string;
  host: Host;
  pipes: PipeTimes;
  /** What is played instead of the world: text of a recording of `tapback doctor --live --record`. */
  recording?: string | undefined;
  /** Told once of each child that ended. */
  ended(child: InProcessChild): void;
}

/** Unwinds what a child was doing when it ended. */
class Ended extends Error {}

/**
 * One `imsg` that is no process of its own: the server, its pipes and its end, with the face of a child process. It dies
 * as a process does: nothing that it had begun goes on, but for what Messages does.
 */
export class InProcessChild extends EventEmitter {
  readonly stdin: Pipe;
  readonly stdout: Pipe;
  readonly stderr: Pipe;
  exitCode: number | null = null;
  signalCode: NodeJS.Signals | null = null;
  readonly #scope: ClockScope;
  #server: Pick<RpcServer, "accept" | "end" | "abandon"> | undefined;
  #isOver = false;

  constructor(
    readonly pid: number,
    args: readonly string[],
    private readonly machine: ChildHome,
  ) {
    super();
    const { clock } = machine.host;
    this.stdin = new Pipe(clock, machine.pipes);
    this.stdout = new Pipe(clock, machine.pipes);
    this.stderr = new Pipe(clock, machine.pipes);
    this.#scope = scopedClock(clock);
    const place = openPlace({
      ...(args[0] === "rpc" ? dbOf([...args]) : {}),
      home: machine.folder,
      env: {},
      host: { ...machine.host, clock: this.#scope.clock, pid },
    });
    if (args[0] === "rpc") void this.#serve(place).catch(() => this.#end(1, null));
    else this.#scope.clock.after(0, () => this.#answer(args, place));
  }

  /** Whether it has not ended. */
  get isAlive(): boolean {
    return !this.#isOver;
  }

  /** Ends it, as a signal does that it does not handle. */
  signal(signal: NodeJS.Signals): void {
    this.#end(null, signal);
  }

  async #serve(place: Place): Promise<void> {
    // What is written before it listens waits in its stdin.
    let early: Buffer[] | undefined = [];
    let isEarlyEnd = false;
    this.stdin.on("data", (chunk: Buffer) => (early ? early.push(chunk) : take(chunk)));
    this.stdin.on("end", () => {
      if (early) isEarlyEnd = true;
      else close();
    });
    const lines = new LineSplitter(maxLineBytes, (line) => this.#accept(line));
    const take = (chunk: Buffer) => {
      if (!this.#isOver) lines.push(chunk);
    };
    const close = () => {
      const rest = lines.end();
      if (rest !== undefined) this.#accept(rest);
      void this.#server?.end().then((code) => this.#end(code, null));
    };
    const slow = place.faults.fires("slow-start");
    if (slow !== undefined) await place.host.clock.sleep(slow.ms ?? 3000);
    if (this.#isOver) return;
    const { recording } = this.machine;
    this.#server =
      recording === undefined
        ? new RpcServer(place, this.#outside)
        : new ReplayServer(recording, this.#outside);
    const waited = early;
    early = undefined;
    for (const chunk of waited) take(chunk);
    if (isEarlyEnd) close();
  }

  #accept(line: string): void {
    if (!this.#isOver) this.#server?.accept(line);
  }

  /** What is asked of a program that is run once. */
  #answer(args: readonly string[], place: Place): void {
    const isVersion = args.includes("--version");
    const isStatus = args[0] === "status";
    if (isVersion) this.stdout.write(`${place.settings().version}\n`);
    else if (isStatus) this.stdout.write(`${JSON.stringify(statusObject(place))}\n`);
    else this.stdout.write(`Unknown command: ${args[0]}\n`);
    this.#end(isVersion || isStatus ? 0 : 1, null);
  }

  get #outside(): Outside {
    const write = (pipe: Pipe, text: string) => {
      if (!this.#isOver) pipe.write(text);
    };
    return {
      write: (line) => write(this.stdout, `${line}\n`),
      writeRaw: (text) => write(this.stdout, text),
      complain: (line) => write(this.stderr, `${line}\n`),
      exit: (code) => {
        this.#end(code, null);
        throw new Ended();
      },
    };
  }

  #end(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#server?.abandon();
    this.#scope.end();
    this.exitCode = code;
    this.signalCode = signal;
    // A gateway that writes on meets a closed pipe.
    this.stdin.destroy();
    let open = 2;
    const closed = () => {
      open -= 1;
      if (open === 0) this.emit("close", code, signal);
    };
    for (const pipe of [this.stdout, this.stderr]) {
      pipe.once("end", closed);
      pipe.end();
    }
    this.machine.host.clock.after(0, () => this.emit("exit", code, signal));
    this.machine.ended(this);
  }
}
