import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { loadConfig } from "../../src/config/index.js";
import type { Envelope } from "../../src/conversation/index.js";
import { createGateway } from "../../src/gateway/index.js";
import { openExistingStore, type Store } from "../../src/store/index.js";
import { Mac } from "../faults/harness/mac.js";
import { until } from "../faults/harness/wait.js";
import { removeFolder } from "./remove-folder.js";

const root = join(import.meta.dirname, "../..");
const simulator = join(root, "dist/simulator/main.js");

/** What a command printed, and how it ended. */
export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** A simulated Mac, the built gateway on it, and the built command line beside it. */
export class GatewayLab {
  readonly folder = mkdtempSync(join(tmpdir(), "tapback-lab-"));
  readonly mac: Mac;
  readonly #env: NodeJS.ProcessEnv;
  #gateway: ChildProcess | undefined;
  #endHere: (() => Promise<void>) | undefined;
  #log = "";

  /** @param build folder of the built programs; those of `dist-test` can be told shorter waits through the environment */
  constructor(
    settings: ConstructorParameters<typeof Mac>[1] = {},
    private readonly build: string = "dist",
  ) {
    this.mac = new Mac(this.folder, settings);
    const imsg = join(this.folder, "imsg");
    writeFileSync(imsg, `#!/bin/sh\nexec "${process.execPath}" "${simulator}" "$@"\n`, { mode: 0o755 });
    this.#env = {
      ...process.env,
      HOME: this.folder,
      TAPBACK_STATE_DIR: join(this.folder, "state"),
      TAPBACK_CONFIG: join(this.folder, "tapback.json5"),
      RECORD_FILE: this.#record,
      NO_COLOR: "1",
    };
    mkdirSync(join(this.folder, "work"));
  }

  get #main(): string {
    return resolve(root, this.build, "cli/main.js");
  }

  get #record(): string {
    return join(this.folder, "envelopes.jsonl");
  }

  /** @param imessage fields of `channels.imessage` @param rest other blocks */
  configure(imessage: Record<string, unknown> = {}, rest: Record<string, unknown> = {}): void {
    const agent = {
      type: "command",
      command: process.execPath,
      args: [join(root, "test/fixtures/envelope-agent.mjs")],
      env: { RECORD_FILE: this.#record },
    };
    const config = {
      channels: {
        imessage: {
          cliPath: join(this.folder, "imsg"),
          dbPath: this.mac.dbPath,
          watchDebounceMs: 0,
          ...imessage,
        },
      },
      agents: { list: [{ id: "main", workspace: join(this.folder, "work"), runtime: agent }] },
      ...rest,
    };
    writeFileSync(join(this.folder, "tapback.json5"), JSON.stringify(config));
  }

  /** Starts the gateway and waits until it is connected. @param env beside the lab's own */
  async start(env: Record<string, string> = {}): Promise<void> {
    this.#log = "";
    const child = spawn(process.execPath, [this.#main, "gateway"], {
      env: { ...this.#env, ...env },
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
   * Starts the gateway in this process, for a test of what people and their agents see, and waits until it is connected: it
   * costs a fourth of a process. Everything beside it is a program still: imsg, the agents, the command line.
   * @param env beside the lab's own
   */
  async startHere(env: Record<string, string> = {}): Promise<void> {
    const surroundings = { env: { ...this.#env, ...env }, home: this.folder };
    const loaded = await loadConfig(surroundings);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
    const { config, path, source } = loaded.value;
    this.#log = "";
    const write =
      (level: string) =>
      (message: string, fields: Record<string, unknown> = {}) => {
        this.#log += `${level} ${message} ${JSON.stringify(fields)}\n`;
      };
    const gateway = createGateway({
      ...surroundings,
      config,
      configFile: { path, source },
      stateDir: join(this.folder, "state"),
      log: { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") },
      program: () => ({ command: process.execPath, args: [this.#main] }),
    });
    this.#endHere = async () => {
      this.#endHere = undefined;
      await gateway.stop();
    };
    await gateway.start();
    await this.until(() => this.#log.includes("connected to Messages"));
  }

  /** Ends the gateway as an operator would. */
  async stop(): Promise<void> {
    await this.#endHere?.();
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
    return this.#log;
  }

  /** Runs `tapback`. */
  run(...args: string[]): Promise<Ran> {
    return this.#execute(this.#main, args);
  }

  /** Runs `imsg-sim` on this world. */
  async sim(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.#execute(simulator, [...args, "--db", this.mac.dbPath]);
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
    await until(holds, () => `${this.#log}\n${JSON.stringify(this.mac.sent())}`, limitMs);
  }

  async close(): Promise<void> {
    this.#gateway?.kill("SIGKILL");
    await this.#endHere?.();
    await this.mac.close();
    await removeFolder(this.folder);
  }

  #asProcess(): void {
    if (this.#endHere) throw new Error("the gateway runs in this process: start() gives it one of its own");
  }

  #execute(script: string, args: string[]): Promise<Ran> {
    return new Promise((resolve) => {
      execFile(process.execPath, [script, ...args], { env: this.#env }, (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
      });
    });
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
