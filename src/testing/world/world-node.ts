import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { configInvalid, parseConfig } from "../../config/index.js";
import type { Log } from "../../platform/index.js";
import type { InProcessChild } from "../../simulator/index.js";
import type { MakeAgent } from "../../turns/index.js";
import { Life, type LifeWatcher } from "./life.js";
import { aloneProcess, type LifeProcess } from "./life-process.js";
import { moveWaitingFiles } from "./moved-state.js";
import type { VirtualClock } from "./virtual-clock.js";

/** On what a gateway of a world stands. */
export interface NodeGround {
  log?: Log;
  /** Sees what the gateway asks of what is around it. */
  sees?: LifeWatcher;
  /** How far its time of day is ahead of the world's, milliseconds. */
  aheadMs?: () => number;
  /** Nothing is forced to the disk: the state survives this process, and no power cut. */
  isUnforced?: boolean;
  /** Makes the process of a life, where several share this one. */
  process?: () => LifeProcess;
}

/** What all gateways of a world share. */
export interface SharedWorld {
  clock: VirtualClock;
  /** As `LifeOptions.startImsg`. */
  startImsg(args: readonly string[], cliPath: string): InProcessChild;
  makeAgent: MakeAgent;
}

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** A gateway of a world, one life after the other, with a folder and a configuration of its own. */
export class WorldNode {
  #life: Life | undefined;
  #config: object = {};
  #lives = 0;
  #stateDir: string;
  /** Where the state was when it was copied; its files are named there still. */
  #movedFrom: string | undefined;

  /** @param folder of its own; made when absent */
  constructor(
    private readonly folder: string,
    private readonly shared: SharedWorld,
    private readonly ground: NodeGround = {},
  ) {
    mkdirSync(folder, { recursive: true });
    this.#stateDir = this.#nextStateDir();
  }

  /** Its present life; undefined while none runs. */
  get life(): Life | undefined {
    return this.#life;
  }

  /** Where its state folder is now. */
  get stateDir(): string {
    return this.#stateDir;
  }

  /** Starts a gateway on the state that is there. @throws as `Gateway.start`, and `CONFIG_INVALID` */
  async start(): Promise<void> {
    const { clock, startImsg, makeAgent } = this.shared;
    const { log = silent, sees = {}, isUnforced = false } = this.ground;
    const source = JSON.stringify(this.#config);
    const path = this.#configPath;
    writeFileSync(path, source);
    if (this.#movedFrom !== undefined) moveWaitingFiles(this.#stateDir, this.#movedFrom);
    this.#movedFrom = undefined;
    const parsed = await parseConfig(source, {});
    if (!parsed.ok) throw configInvalid(path, parsed.error);
    const process = this.ground.process?.() ?? aloneProcess(clock, this.ground.aheadMs);
    const life = process.run(
      () =>
        new Life({
          config: parsed.value.config,
          configFile: { path, source },
          state: { dir: this.#stateDir, isForced: !isUnforced },
          ...{ log, process, startImsg, makeAgent, sees },
        }),
    );
    this.#life = life;
    const start = process.run(() => life.gateway.start());
    start.catch(() => {});
    // It may die on the way: then nobody hears what became of the start.
    await this.#until(start, life);
    if (!life.isDead) await start;
  }

  /** Waits until every account has reached Messages here. @param mostMs milliseconds of the clock @returns whether they are */
  async connected(mostMs: number): Promise<boolean> {
    const { clock } = this.shared;
    const until = clock.now() + mostMs;
    while (this.#life !== undefined && clock.now() < until) {
      const { gateway, process } = this.#life;
      const { accounts } = await clock.through(process.run(() => gateway.status()));
      if (accounts.every((account) => account.connected || !account.enabled)) return true;
      await clock.advance(50);
    }
    return false;
  }

  /** Stops the gateway in order. */
  async stop(): Promise<void> {
    const life = this.#life;
    if (life === undefined) return;
    // One that stands still hears of it when it goes on.
    const stops = new Promise<void>((resolve, reject) => {
      life.process.arrives(() => void life.gateway.stop().then(resolve, reject));
    });
    await this.#until(stops, life);
    if (this.#life === life) this.#life = undefined;
  }

  /** Its process is killed at this instant; nothing of it goes on. {@link start} begins another life. */
  die(): void {
    const life = this.#life;
    if (life === undefined) return;
    const next = this.#nextStateDir();
    life.die(next);
    this.#life = undefined;
    if (this.ground.process) {
      // What others know of its folder names it where it was; nothing of the dead one writes there any more.
      rmSync(this.#stateDir, { recursive: true, force: true });
      renameSync(next, this.#stateDir);
      return;
    }
    this.#movedFrom ??= this.#stateDir;
    this.#stateDir = next;
  }

  /** Its configuration file has another text from now on; a gateway that runs finds it by itself. */
  configure(config: object): void {
    this.#config = config;
    if (this.#life !== undefined) writeFileSync(this.#configPath, JSON.stringify(config));
  }

  get #configPath(): string {
    return join(this.folder, "tapback.json5");
  }

  async #until(work: Promise<void>, life: Life): Promise<void> {
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    work.then(over, over);
    await this.shared.clock.advanceUntil(() => isOver || life.isDead);
  }

  #nextStateDir(): string {
    return join(this.folder, `state-${this.#lives++}`);
  }
}
