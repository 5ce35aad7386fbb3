import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Mac } from "../faults/harness/mac.js";
import { until } from "../faults/harness/wait.js";
import { commandHere, type Ran } from "./command-here.js";
import { removeFolder } from "./remove-folder.js";

const root = join(import.meta.dirname, "../..");
const main = resolve(root, "dist-test/cli/main.js");
const simulator = join(root, "dist/simulator/main.js");
const witness = join(root, "test/fixtures/imsg-witness.mjs");

/** A process of a cluster: a gateway or a worker, with a state folder of its own. */
export class ClusterNode {
  #child: ChildProcess | undefined;
  #pid: number | undefined;
  #log = "";
  readonly #env: NodeJS.ProcessEnv;

  /** @param folder its own @param env beside the machine's */
  constructor(
    readonly name: string,
    folder: string,
    env: Record<string, string>,
    private readonly words: string[],
  ) {
    const own = { TAPBACK_STATE_DIR: join(folder, "state"), TAPBACK_CONFIG: join(folder, "tapback.json5") };
    this.#env = { ...process.env, ...own, ...env };
  }

  /** Starts it and waits until it is up, whether it serves accounts or stands by. */
  async start(): Promise<void> {
    this.#log = "";
    const child = spawn(process.execPath, [main, ...this.words], {
      env: this.#env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    this.#pid = child.pid;
    for (const stream of [child.stdout!, child.stderr!])
      stream.on("data", (chunk: Buffer) => {
        this.#log += chunk.toString();
      });
    await this.until(() => this.says(" is up") || hasEnded(child));
    if (hasEnded(child)) throw new Error(`${this.name} ended:\n${this.#log}`);
  }

  /** Its process, also of one that has ended. */
  get pid(): number | undefined {
    return this.#pid;
  }

  /** What it has logged since its start. */
  get log(): string {
    return this.#log;
  }

  /** Whether a text stands in its log. */
  says(text: string): boolean {
    return this.#log.includes(text);
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Ends it as an operator would. */
  async stop(): Promise<void> {
    await this.#end("SIGTERM");
  }

  /** Holds it still, without a word to anybody; what it started goes on. */
  freeze(): void {
    this.#child?.kill("SIGSTOP");
  }

  /** Lets it go on. */
  thaw(): void {
    this.#child?.kill("SIGCONT");
  }

  /** Its configuration has these blocks from now on; one that runs finds it by itself. */
  edit(blocks: Record<string, unknown>): void {
    const path = this.#env.TAPBACK_CONFIG!;
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), ...blocks }));
  }

  /** Runs a command beside it. */
  run(...words: string[]): Promise<Ran> {
    return commandHere(words, this.#env);
  }

  /** @throws with its log when it does not hold in time */
  async until(holds: () => boolean | Promise<boolean>, limitMs = 25_000): Promise<void> {
    await until(holds, () => `${this.name}:\n${this.#log}`, limitMs);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || hasEnded(child)) return;
    const ended = new Promise((over) => child.once("exit", over));
    child.kill(signal);
    if (signal === "SIGKILL") child.kill("SIGCONT");
    await ended;
  }
}

/** A simulated Mac, and processes around it that share a state on a server. */
export class ClusterLab {
  readonly folder = mkdtempSync(join(tmpdir(), "tapback-cluster-"));
  readonly mac: Mac;
  readonly nodes: ClusterNode[] = [];

  constructor(
    settings: ConstructorParameters<typeof Mac>[1],
    private readonly leaseMs: number,
  ) {
    this.mac = new Mac(this.folder, settings);
    writeFileSync(
      join(this.folder, "imsg"),
      `#!/bin/sh\nexec "${process.execPath}" "${witness}" "${simulator}" "$@"\n`,
      {
        mode: 0o755,
      },
    );
  }

  /**
   * Adds a gateway, or a worker.
   * @param url of the state, by its own way @param imessage fields of `channels.imessage` @param rest other blocks
   * @param words of its command line
   */
  node(
    name: string,
    url: string,
    imessage: Record<string, unknown>,
    rest: Record<string, unknown> = {},
    words: string[] = ["gateway"],
  ): ClusterNode {
    const folder = join(this.folder, name);
    mkdirSync(join(folder, "work"), { recursive: true });
    const imsg = { cliPath: join(this.folder, "imsg"), dbPath: this.mac.dbPath, watchDebounceMs: 0 };
    const config = {
      channels: { imessage: { ...imsg, ...imessage } },
      agents: { list: [{ id: "main", workspace: join(folder, "work"), runtime: { type: "demo" } }] },
      store: { url },
      ...rest,
    };
    writeFileSync(join(folder, "tapback.json5"), JSON.stringify(config));
    const env = {
      ...{ HOME: this.folder, NO_COLOR: "1" },
      WITNESS_FILE: join(this.folder, "calls.jsonl"),
      TAPBACK_TEST_LEASE_MS: String(this.leaseMs),
    };
    const node = new ClusterNode(name, folder, env, words);
    this.nodes.push(node);
    return node;
  }

  /** What a person got, oldest first. */
  got(handle: string): string[] {
    const own = this.mac.sent().filter((row) => row.handle === handle);
    return own.map(({ text }) => text);
  }

  /** @throws with every node's log when it does not hold in time */
  async until(holds: () => boolean | Promise<boolean>, limitMs = 25_000): Promise<void> {
    const told = () => this.nodes.map(({ name, log }) => `${name}:\n${log}`).join("\n");
    await until(holds, () => `${told()}\n${JSON.stringify(this.mac.sent().slice(-20))}`, limitMs);
  }

  async close(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.kill()));
    await this.mac.close();
    await removeFolder(this.folder);
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
