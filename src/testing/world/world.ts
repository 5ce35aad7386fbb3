import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { configInvalid, parseConfig } from "../../config/index.js";
import { type Log, scopedClock } from "../../platform/index.js";
import {
  type InProcessChild,
  OneProcess,
  openSimulator,
  type PipeTimes,
  type Settings,
  type Simulator,
} from "../../simulator/index.js";
import type { MakeAgent } from "../../turns/index.js";
import { Life, type LifeWatcher } from "./life.js";
import { moveWaitingFiles } from "./moved-state.js";
import { VirtualClock } from "./virtual-clock.js";

/** What a world is made with. */
export interface WorldOptions {
  /** A folder of its own; made when absent. */
  folder: string;
  /** The gateway's configuration, as its file would have it. */
  config: object;
  /** Makes who answers. */
  makeAgent: MakeAgent;
  /** Which imsg and which Mac are played. */
  mac?: Partial<Settings>;
  imsg?: WorldImsg;
  clock?: VirtualClock;
  log?: Log;
  faults?: WorldFaults;
}

/** What imsg leads to, where that is not one simulated Mac. */
export interface WorldImsg {
  /** More Macs of the same kind, each by the `cliPath` of the account that it belongs to. */
  moreMacs?: readonly string[];
  /** What is played instead of a Mac: text of a recording of `tapback doctor --live --record`. */
  recording?: string;
  /** The Macs' databases are kept in memory, where nobody looks at their files. */
  inMemory?: true;
}

/** How the ground of a world gives way. */
export interface WorldFaults {
  pipes?: PipeTimes;
  /** Sees what the gateway asks of what is around it. */
  sees?: LifeWatcher;
  /** How far the gateway's time of day is ahead of the world's, milliseconds. */
  gatewayAheadMs?: () => number;
  /** How far the Mac's is. */
  macAheadMs?: () => number;
  /** Nothing is forced to the disk: the state survives this process, and no power cut. */
  isUnforced?: true;
}

/** A Mac of a world, and the program that leads to it. */
export interface WorldMac {
  /** `cliPath` of its account; that of accounts which name none for the first. */
  cliPath: string;
  imsg: OneProcess;
  mac: Simulator;
}

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/**
 * A Mac with Messages, its people, and a gateway that serves it, all in this process and in virtual time: real store, real
 * client of imsg, real turns; the agent is a function.
 */
export class World {
  readonly clock: VirtualClock;
  /** All of them, the first first. */
  readonly macs: readonly WorldMac[];
  /** Of the first Mac. */
  readonly imsg: OneProcess;
  readonly mac: Simulator;
  #life: Life | undefined;
  #config: object;
  #lives = 0;
  #stateDir: string;
  /** Where the state was when it was copied; its files are named there still. */
  #movedFrom: string | undefined;

  constructor(private readonly options: WorldOptions) {
    this.clock = options.clock ?? new VirtualClock();
    const first = this.#makeMac(firstCliPath, "mac");
    this.macs = [
      first,
      ...(options.imsg?.moreMacs ?? []).map((cliPath, index) => this.#makeMac(cliPath, `mac-${index + 2}`)),
    ];
    this.imsg = first.imsg;
    this.mac = first.mac;
    this.#config = options.config;
    this.#stateDir = this.#nextStateDir();
  }

  /** The gateway's present life; undefined while none runs. */
  get life(): Life | undefined {
    return this.#life;
  }

  /** The children of all Macs that run. */
  get children(): InProcessChild[] {
    return this.macs.flatMap(({ imsg }) => imsg.children);
  }

  /** Where the state is now. */
  get stateDir(): string {
    return this.#stateDir;
  }

  /** Starts a gateway on the state that is there. @throws as `Gateway.start`, and `CONFIG_INVALID` */
  async start(): Promise<void> {
    const { makeAgent, log = silent, faults } = this.options;
    const source = JSON.stringify(this.#config);
    const path = join(this.options.folder, "tapback.json5");
    writeFileSync(path, source);
    if (this.#movedFrom !== undefined) moveWaitingFiles(this.#stateDir, this.#movedFrom);
    this.#movedFrom = undefined;
    const parsed = await parseConfig(source, {});
    if (!parsed.ok) throw configInvalid(path, parsed.error);
    const life = new Life({
      config: parsed.value.config,
      configFile: { path, source },
      state: { dir: this.#stateDir, isForced: faults?.isUnforced !== true },
      log,
      scope: scopedClock(this.clock, faults?.gatewayAheadMs),
      startImsg: (args, cliPath) => this.#macOf(cliPath).imsg.start(args),
      makeAgent,
      sees: faults?.sees ?? {},
    });
    this.#life = life;
    const start = life.gateway.start();
    start.catch(() => {});
    // It may die on the way: then nobody hears what became of the start.
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    start.then(over, over);
    await this.clock.advanceUntil(() => isOver || life.isDead);
    if (!life.isDead) await start;
  }

  /** Waits until every account has reached Messages. @param mostMs milliseconds of the clock @returns whether they have */
  async connected(mostMs = 60_000): Promise<boolean> {
    const until = this.clock.now() + mostMs;
    while (this.#life !== undefined && this.clock.now() < until) {
      const { accounts } = await this.clock.through(this.#life.gateway.status());
      if (accounts.every((account) => account.connected || !account.enabled)) return true;
      await this.clock.advance(50);
    }
    return false;
  }

  /** Stops the gateway in order. */
  async stop(): Promise<void> {
    const life = this.#life;
    if (life === undefined) return;
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    life.gateway.stop().then(over, over);
    await this.clock.advanceUntil(() => isOver || life.isDead);
    this.#life = undefined;
  }

  /** The gateway's process is killed at this instant; nothing of it goes on. {@link start} begins another life. */
  die(): void {
    const life = this.#life;
    if (life === undefined) return;
    const next = this.#nextStateDir();
    life.die(next);
    this.#movedFrom ??= this.#stateDir;
    this.#stateDir = next;
    this.#life = undefined;
  }

  /** The configuration file has another text from now on; a gateway that runs finds it by itself. */
  configure(config: object): void {
    this.#config = config;
    if (this.#life !== undefined)
      writeFileSync(join(this.options.folder, "tapback.json5"), JSON.stringify(config));
  }

  /** Ends the world. */
  close(): void {
    this.die();
    for (const child of this.children) child.signal("SIGKILL");
    for (const { mac } of this.macs) mac.close();
  }

  #makeMac(cliPath: string, name: string): WorldMac {
    const { mac = {}, faults, imsg: { recording, inMemory } = {} } = this.options;
    const folder = join(this.options.folder, name);
    mkdirSync(folder, { recursive: true });
    const clock = faults?.macAheadMs ? shifted(this.clock, faults.macAheadMs) : this.clock;
    const imsg = new OneProcess({
      folder,
      clock,
      ...(faults?.pipes && { pipes: faults.pipes }),
      ...(recording !== undefined && { recording }),
      ...(inMemory && { inMemory }),
    });
    return { cliPath, imsg, mac: openSimulator(folder, mac, imsg.host) };
  }

  #macOf(cliPath: string): WorldMac {
    const found = this.macs.find((mac) => mac.cliPath === cliPath);
    if (found === undefined) throw new Error(`no Mac of this world has ${cliPath}`);
    return found;
  }

  #nextStateDir(): string {
    return join(this.options.folder, `state-${this.#lives++}`);
  }
}

/** What an account has that names no program. */
const firstCliPath = "imsg";

function shifted(clock: VirtualClock, aheadMs: () => number) {
  const { sleep, after, every } = clock;
  return { sleep, after, every, now: () => clock.now() + aheadMs() };
}
