import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { configInvalid, parseConfig } from "../../config/index.js";
import { type Log, scopedClock } from "../../platform/index.js";
import {
  OneProcess,
  openSimulator,
  type PipeTimes,
  type Settings,
  type Simulator,
} from "../../simulator/index.js";
import type { MakeAgent } from "../../turns/index.js";
import { Life, type LifeWatcher } from "./life.js";
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
  clock?: VirtualClock;
  log?: Log;
  faults?: WorldFaults;
  /** What imsg plays instead of the Mac: text of a recording of `tapback doctor --live --record`. */
  recording?: string;
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

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/**
 * A Mac with Messages, its people, and a gateway that serves it, all in this process and in virtual time: real store, real
 * client of imsg, real turns; the agent is a function.
 */
export class World {
  readonly clock: VirtualClock;
  readonly imsg: OneProcess;
  readonly mac: Simulator;
  #life: Life | undefined;
  #config: object;
  #lives = 0;
  #stateDir: string;

  constructor(private readonly options: WorldOptions) {
    const { folder, mac = {}, faults, recording } = options;
    this.clock = options.clock ?? new VirtualClock();
    const macFolder = join(folder, "mac");
    mkdirSync(macFolder, { recursive: true });
    const clock = faults?.macAheadMs ? shifted(this.clock, faults.macAheadMs) : this.clock;
    this.imsg = new OneProcess({
      folder: macFolder,
      clock,
      ...(faults?.pipes && { pipes: faults.pipes }),
      ...(recording !== undefined && { recording }),
    });
    this.mac = openSimulator(macFolder, mac, this.imsg.host);
    this.#config = options.config;
    this.#stateDir = this.#nextStateDir();
  }

  /** The gateway's present life; undefined while none runs. */
  get life(): Life | undefined {
    return this.#life;
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
    const parsed = await parseConfig(source, {});
    if (!parsed.ok) throw configInvalid(path, parsed.error);
    const life = new Life({
      config: parsed.value.config,
      configFile: { path, source },
      state: { dir: this.#stateDir, isForced: faults?.isUnforced !== true },
      log,
      scope: scopedClock(this.clock, faults?.gatewayAheadMs),
      imsg: this.imsg,
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
    for (const child of this.imsg.children) child.signal("SIGKILL");
    this.mac.close();
  }

  #nextStateDir(): string {
    return join(this.options.folder, `state-${this.#lives++}`);
  }
}

function shifted(clock: VirtualClock, aheadMs: () => number) {
  const { sleep, after, every } = clock;
  return { sleep, after, every, now: () => clock.now() + aheadMs() };
}
