import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Log } from "../../platform/index.js";
import {
  type InProcessChild,
  OneProcess,
  openSimulator,
  type PipeTimes,
  type Settings,
  type Simulator,
} from "../../simulator/index.js";
import type { MakeAgent } from "../../turns/index.js";
import type { Life, LifeWatcher } from "./life.js";
import type { LifeProcess } from "./life-process.js";
import { VirtualClock } from "./virtual-clock.js";
import { type NodeGround, type SharedWorld, WorldNode } from "./world-node.js";

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
  /** Makes the process of each life of the first gateway, where others share this one. */
  process?: () => LifeProcess;
}

/** A Mac of a world, and the program that leads to it. */
export interface WorldMac {
  /** `cliPath` of its account; that of accounts which name none for the first. */
  cliPath: string;
  imsg: OneProcess;
  mac: Simulator;
}

/**
 * A Mac with Messages, its people, and a gateway that serves it (or several, {@link World.join}), all in this process and in virtual time: real store, real
 * client of imsg, real turns; the agent is a function.
 */
export class World {
  readonly clock: VirtualClock;
  /** All of them, the first first. */
  readonly macs: readonly WorldMac[];
  /** Of the first Mac. */
  readonly imsg: OneProcess;
  readonly mac: Simulator;
  readonly #nodes: WorldNode[];
  readonly #shared: SharedWorld;

  constructor(private readonly options: WorldOptions) {
    this.clock = options.clock ?? new VirtualClock();
    const first = this.#makeMac(firstCliPath, "mac");
    this.macs = [
      first,
      ...(options.imsg?.moreMacs ?? []).map((cliPath, index) => this.#makeMac(cliPath, `mac-${index + 2}`)),
    ];
    this.imsg = first.imsg;
    this.mac = first.mac;
    const { folder, config, makeAgent, log, faults } = options;
    this.#shared = {
      clock: this.clock,
      startImsg: (args, cliPath) => this.#macOf(cliPath).imsg.start(args),
      makeAgent,
    };
    const plain = new WorldNode(folder, this.#shared, {
      ...(log && { log }),
      ...(faults?.sees && { sees: faults.sees }),
      ...(faults?.gatewayAheadMs && { aheadMs: faults.gatewayAheadMs }),
      isUnforced: faults?.isUnforced === true,
      ...(faults?.process && { process: faults.process }),
    });
    plain.configure(config);
    this.#nodes = [plain];
  }

  /** Its gateways, the first first. */
  get nodes(): readonly WorldNode[] {
    return this.#nodes;
  }

  /** The first gateway's present life; undefined while none runs. */
  get life(): Life | undefined {
    return this.#first.life;
  }

  /** The children of all Macs that run. */
  get children(): InProcessChild[] {
    return this.macs.flatMap(({ imsg }) => imsg.children);
  }

  /** Where the first gateway's state is now. */
  get stateDir(): string {
    return this.#first.stateDir;
  }

  /** Another gateway at the same Macs, with a folder and a configuration file of its own; they share a state where that names a server. */
  join(ground: NodeGround): WorldNode {
    const folder = join(this.options.folder, `node-${this.#nodes.length + 1}`);
    const node = new WorldNode(folder, this.#shared, ground);
    this.#nodes.push(node);
    return node;
  }

  /** Starts the first gateway on the state that is there. @throws as `Gateway.start`, and `CONFIG_INVALID` */
  start(): Promise<void> {
    return this.#first.start();
  }

  /** Waits until every account of the first gateway has reached Messages. @param mostMs milliseconds of the clock @returns whether they have */
  connected(mostMs = 60_000): Promise<boolean> {
    return this.#first.connected(mostMs);
  }

  /** Stops the first gateway in order. */
  stop(): Promise<void> {
    return this.#first.stop();
  }

  /** The first gateway's process is killed at this instant; nothing of it goes on. {@link start} begins another life. */
  die(): void {
    this.#first.die();
  }

  /** The configuration file of the first gateway has another text from now on; if it runs it finds it by itself. */
  configure(config: object): void {
    this.#first.configure(config);
  }

  /** Ends the world. */
  close(): void {
    for (const node of this.#nodes) node.die();
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

  get #first(): WorldNode {
    return this.#nodes[0]!;
  }
}

/** What an account has that names no program. */
const firstCliPath = "imsg";

function shifted(clock: VirtualClock, aheadMs: () => number) {
  const { sleep, after, every } = clock;
  return { sleep, after, every, now: () => clock.now() + aheadMs() };
}
