import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { readGatewayInfo } from "../../src/control/lock.js";
import { accountingOf } from "../faults/harness/accounting.js";
import { RecordingAgent } from "../faults/harness/recording-agent.js";
import { isSettled, readState } from "../faults/harness/state.js";
import { until as untilHolds } from "../faults/harness/wait.js";
import { GatewayLab } from "./gateway-lab.js";
import { Launchd } from "./launchd.js";
import { gone } from "./process-alive.js";
import { ServiceLab } from "./service-lab.js";
import { SteadyWriters } from "./steady-writers.js";

const root = join(import.meta.dirname, "../..");

/** What differs from one house to another. */
interface Options {
  /** Whether launchd starts the app that starts Node, as on a Mac; else Node itself. */
  throughApp?: boolean;
  /** How many people write, and how many messages may wait for an answer. */
  people?: number;
  waiting?: number;
  /** How long the agent takes for an answer, milliseconds: a turn is under way when something ends. */
  thinkMs?: number;
}

/**
 * The gateway as a service of an emulated launchd, on a simulated Mac whose people never stop writing. Node and Tapback lie as
 * Homebrew and npm lay them, so that both can be updated. Whatever is waited for here, messages come meanwhile.
 */
export class ServiceHouse {
  readonly lab = new GatewayLab();
  readonly service = new ServiceLab();
  readonly launchd = new Launchd(this.service.plist, { home: this.service.folder, throttleSecondMs: 20 });
  readonly #agent: RecordingAgent;
  readonly #writers: SteadyWriters;

  private constructor({ people = 4, waiting = 6, thinkMs = 60 }: Options) {
    this.#agent = new RecordingAgent(() => thinkMs);
    const handles = Array.from({ length: people }, (_, index) => `+1555010${1000 + index}`);
    this.#writers = new SteadyWriters(this.lab.mac, this.#agent, handles, waiting);
  }

  /** Installs Node 24.9.0, Tapback 1.0.0 and the service, with catch-up on, and has launchd load it. */
  static async open(options: Options = {}): Promise<ServiceHouse> {
    const house = new ServiceHouse(options);
    try {
      await house.#install(options.throughApp ?? false);
      house.launchd.load();
      await house.serves();
      return house;
    } catch (error) {
      await house.close();
      throw error;
    }
  }

  async #install(throughApp: boolean): Promise<void> {
    const { lab, service } = this;
    const url = await this.#agent.listen();
    lab.configure(
      {
        dmPolicy: "open",
        allowFrom: ["*"],
        catchup: { enabled: true },
        // What is paced is tested elsewhere.
        outbound: { perChatPerMinute: 100_000, perAccountPerHour: 1_000_000 },
      },
      {
        session: { dmScope: "per-peer" },
        agents: { list: [{ id: "main", runtime: { type: "http", url } }] },
      },
    );
    mkdirSync(join(lab.folder, "state"), { mode: 0o700 });
    service.env.TAPBACK_STATE_DIR = join(lab.folder, "state");
    service.env.TAPBACK_CONFIG = join(lab.folder, "tapback.json5");
    if (throughApp) service.appTools();
    mkdirSync(join(this.#formula("24.9.0"), "bin"), { recursive: true });
    mkdirSync(join(service.folder, "brew/opt"));
    copyFileSync(process.execPath, join(this.#formula("24.9.0"), "bin/node"));
    this.useNode("24.9.0");
    this.#layTapback("1.0.0", this.#package);
    const installed = await service.runWith(
      join(service.folder, "brew/opt/node/bin/node"),
      join(this.#package, "dist/cli/main.js"),
      "service",
      "install",
    );
    if (installed.code !== 0) throw new Error(installed.stderr);
  }

  /** What the running gateway says of itself; undefined while there is none. */
  get gateway(): ReturnType<typeof readGatewayInfo> {
    return readGatewayInfo(join(this.lab.folder, "state"));
  }

  /** Of the process that is the gateway, which launchd does not know where an app is between. */
  get pid(): number {
    return this.gateway!.pid;
  }

  /** Waits, while people write. @throws with the log of the service when it does not hold */
  async holds(what: () => boolean | Promise<boolean>): Promise<void> {
    await untilHolds(
      () => {
        this.#writers.write();
        return what();
      },
      () => `${this.launchd.ends.join(" ")}\n${this.launchd.log}`,
      50_000,
    );
  }

  /** Waits until messages that are written from now on are answered. */
  async serves(): Promise<void> {
    const { written } = this.#writers;
    await this.holds(() => this.#writers.heard > written + 1);
  }

  /** Ends the gateway, and waits until another one serves. @param end how it is ended */
  async upAgainAfter(end: () => unknown): Promise<void> {
    const before = this.gateway?.pid;
    await end();
    await this.holds(() => this.gateway !== undefined && this.gateway.pid !== before);
    await this.serves();
  }

  /** As Homebrew does it: the version that runs is gone, and the link leads to the next. */
  updateNode(from: string, to: string): void {
    renameSync(this.#formula(from), this.#formula(to));
    this.useNode(to);
  }

  /** Has Homebrew's link lead to a version of Node. */
  useNode(version: string): void {
    const link = join(this.service.folder, "brew/opt/node");
    symlinkSync(this.#formula(version), `${link}-next`);
    renameSync(`${link}-next`, link);
  }

  /** A Node that ends at once, as one of which a library is missing. */
  brokenNode(version: string, exitCode: number): void {
    mkdirSync(join(this.#formula(version), "bin"), { recursive: true });
    writeFileSync(join(this.#formula(version), "bin/node"), `#!/bin/sh\nexit ${exitCode}\n`, { mode: 0o755 });
  }

  /** As npm does it: the old folder is moved away, the new one comes, and the old one is removed. */
  updateTapback(version: string): void {
    const next = `${this.#package}-next`;
    const old = `${this.#package}-old`;
    this.#layTapback(version, next);
    renameSync(this.#package, old);
    renameSync(next, this.#package);
    rmSync(old, { recursive: true });
  }

  /** Lets people be silent, and the gateway finish. @returns what anybody got not at all, twice or unasked, and what does not add up */
  async problems(): Promise<string[]> {
    await untilHolds(
      () => this.#writers.problems().length === 0 && isSettled(readState(this.lab.folder)),
      () => `${this.#writers.problems().join("\n")}\n${this.launchd.log}`,
    );
    return [...this.#writers.problems(), ...(await accountingOf(this.lab.folder, this.lab.mac))];
  }

  /** How many messages were written. */
  get written(): number {
    return this.#writers.written;
  }

  async close(): Promise<void> {
    await this.launchd.unload();
    // What an app started ends after it; where a test fails because it does not, nothing is left.
    const { gateway } = this;
    if (gateway) await gone(gateway.pid);
    this.#agent.close();
    await this.lab.close();
    await this.service.dispose();
  }

  #formula(version: string): string {
    return join(this.service.folder, "brew/Cellar/node", version);
  }

  get #package(): string {
    return join(this.service.folder, "brew/lib/node_modules/tapback");
  }

  /** The built package, which says of itself that it is of a version. */
  #layTapback(version: string, folder: string): void {
    const dist = join(folder, "dist");
    cpSync(join(root, "dist"), dist, { recursive: true });
    writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module", version }));
    const { version: built } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const said = `const version = "${built}"`;
    for (const name of readdirSync(dist).filter((file) => file.endsWith(".js"))) {
      const text = readFileSync(join(dist, name), "utf8");
      if (text.includes(said))
        writeFileSync(join(dist, name), text.replace(said, `const version = "${version}"`));
    }
  }
}
