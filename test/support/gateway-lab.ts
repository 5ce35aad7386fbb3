import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Envelope } from "../../src/conversation/index.js";
import { openExistingStore, type Store } from "../../src/store/index.js";
import { Mac } from "../faults/harness/mac.js";
import { until } from "../faults/harness/wait.js";
import { commandAsProgram, commandHere, type Ran, simulatorHere } from "./command-here.js";
import { GatewayHere } from "./gateway-here.js";
import { removeFolder } from "./remove-folder.js";

const root = join(import.meta.dirname, "../..");
const simulator = join(root, "dist/simulator/main.js");

/** A simulated Mac, the built gateway on it, and the built command line beside it. */
export class GatewayLab {
  readonly folder = mkdtempSync(join(tmpdir(), "tapback-lab-"));
  readonly mac: Mac;
  /** Of the programs that it starts. */
  readonly env: NodeJS.ProcessEnv;
  #gateway: ChildProcess | undefined;
  #here: GatewayHere | undefined;
  #log = "";

  /** @param build folder of the built programs; those of `dist-test` can be told shorter waits through the environment */
  constructor(
    settings: ConstructorParameters<typeof Mac>[1] = {},
    private readonly build: string = "dist",
  ) {
    this.mac = new Mac(this.folder, settings);
    const imsg = join(this.folder, "imsg");
    writeFileSync(imsg, `#!/bin/sh\nexec "${process.execPath}" "${simulator}" "$@"\n`, { mode: 0o755 });
    this.env = {
      ...process.env,
      HOME: this.folder,
      TAPBACK_STATE_DIR: join(this.folder, "state"),
      TAPBACK_CONFIG: join(this.folder, "tapback.json5"),
      RECORD_FILE: this.#record,
      NO_COLOR: "1",
    };
    mkdirSync(join(this.folder, "work"));
  }

  /** The built command line. */
  get main(): string {
    return resolve(root, this.build, "cli/main.js");
  }

  get #record(): string {
    return join(this.folder, "envelopes.jsonl");
  }

  /** The agent that answers where nothing else is configured: it keeps the envelopes. */
  get agent() {
    const runtime = {
      type: "command",
      command: process.execPath,
      args: [join(root, "test/fixtures/envelope-agent.mjs")],
      env: { RECORD_FILE: this.#record },
    };
    return { id: "main", workspace: join(this.folder, "work"), runtime };
  }

  /** @param imessage fields of `channels.imessage` @param rest other blocks */
  configure(imessage: Record<string, unknown> = {}, rest: Record<string, unknown> = {}): void {
    const config = {
      channels: {
        imessage: {
          cliPath: join(this.folder, "imsg"),
          dbPath: this.mac.dbPath,
          watchDebounceMs: 0,
          ...imessage,
        },
      },
      agents: { list: [this.agent] },
      ...rest,
    };
    writeFileSync(join(this.folder, "tapback.json5"), JSON.stringify(config));
  }

  /** Starts the gateway and waits until it is connected. @param env beside the lab's own */
  async start(env: Record<string, string> = {}): Promise<void> {
    this.#log = "";
    this.#here = undefined;
    const child = spawn(process.execPath, [this.main, "gateway"], {
      env: { ...this.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#gateway = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => {
        this.#log += chunk.toString();
      });
    await this.until(() => this.#log.includes("connected to Messages") || hasEnded(child));
    if (hasEnded(child)) throw new Error(`the gateway ended:\n${this.#log}`);
  }

  /**
   * Starts the gateway and its imsg in this process, and waits until it is connected: for all that needs no process of the
   * gateway's own.
   * @param env beside the lab's own
   */
  async startHere(env: Record<string, string> = {}): Promise<void> {
    this.#here = await GatewayHere.start({
      folder: this.folder,
      env: { ...this.env, ...env },
      tapback: this.main,
    });
    await this.until(() => this.log.includes("connected to Messages"));
  }

  /** Ends the gateway as an operator would. */
  async stop(): Promise<void> {
    await this.#here?.stop();
    const child = this.#gateway;
    this.#gateway = undefined;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
  }

  /** Ends the gateway as a crash would. @throws for one that runs in this process, which nothing can kill alone */
  async crash(): Promise<void> {
    this.#asProcess();
    const child = this.#gateway;
    this.#gateway = undefined;
    if (!child || hasEnded(child)) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }

  /** Waits until the gateway ends by itself. @returns its exit code @throws for one that runs in this process */
  async ended(): Promise<number | null> {
    this.#asProcess();
    await this.until(() => this.#gateway === undefined || hasEnded(this.#gateway));
    return this.#gateway?.exitCode ?? null;
  }

  get log(): string {
    return this.#here?.log ?? this.#log;
  }

  /** Runs `tapback` in this process. */
  run(...args: string[]): Promise<Ran> {
    return commandHere(args, this.env);
  }

  /** Runs `tapback` as a program: what waits while the test goes on, and what the program itself is about. */
  runProgram(...args: string[]): Promise<Ran> {
    return commandAsProgram(this.main, args, this.env);
  }

  /** Runs `imsg-sim` on this world, in this process. */
  async sim(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await simulatorHere([...args, "--db", this.mac.dbPath], this.env);
    if (code !== 0) throw new Error(`imsg-sim ${args.join(" ")}: ${stderr}`);
    return stdout;
  }

  /** What the agent was given so far, oldest first. */
  envelopes(): Envelope[] {
    try {
      const lines = readFileSync(this.#record, "utf8").split("\n").filter(Boolean);
      return lines.map((line) => JSON.parse(line) as Envelope);
    } catch {
      return [];
    }
  }

  /** What a person got, oldest first. */
  got(handle: string): string[] {
    return this.mac
      .sent()
      .filter((row) => row.handle === handle)
      .map(({ text }) => text);
  }

  /** Looks into the state as another process would. */
  async look<T>(view: (store: Store) => T | Promise<T>): Promise<T> {
    const store = openExistingStore(join(this.folder, "state/state.db"));
    if (!store) throw new Error("there is no state yet");
    try {
      return await view(store);
    } finally {
      await store.close();
    }
  }

  /** @throws with the gateway's log when it does not hold within the limit */
  async until(holds: () => boolean | Promise<boolean>, limitMs = 25_000): Promise<void> {
    await until(holds, () => `${this.log}\n${JSON.stringify(this.mac.sent())}`, limitMs);
  }

  async close(): Promise<void> {
    this.#gateway?.kill("SIGKILL");
    await this.#here?.stop();
    await this.mac.close();
    await removeFolder(this.folder);
  }

  #asProcess(): void {
    if (this.#here) throw new Error("the gateway runs in this process: start() gives it one of its own");
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
