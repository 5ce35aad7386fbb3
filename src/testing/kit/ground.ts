import { join } from "node:path";
import { createAgent, functionAgent } from "../../agents/index.js";
import type { Log, StopTimer } from "../../platform/index.js";
import type { Settings } from "../../simulator/index.js";
import type { MakeAgent } from "../../turns/index.js";
import { VirtualClock } from "../world/virtual-clock.js";
import { World } from "../world/world.js";
import { AgentWork } from "./agent-work.js";
import { Disk } from "./disk.js";
import { placeEmptyChats, placeEmptyState } from "./empty-databases.js";
import { type FaultManner, type FaultName, groundFaultMs, isGroundFault } from "./faults.js";
import type { Recording } from "./recording.js";
import { type WorldAgent, worldConfig } from "./world-config.js";

/** What the ground of a world is made of. */
export interface GroundOptions {
  /** Its own folder. */
  folder: string;
  agents: Readonly<Record<string, WorldAgent>>;
  config: object;
  mac: Partial<Settings>;
  /** What imsg plays instead of the Mac, where it does. */
  recording?: Recording | undefined;
  log: Log | undefined;
  /** How long an agent may work in one go, milliseconds of the machine. */
  patienceMs: number;
}

/** The ground on which people and a gateway stand: time, the Mac, the gateway's lives, and what goes wrong under them. */
export class Ground {
  readonly clock: VirtualClock;
  readonly world: World;
  /** What the gateway warned of, oldest first. */
  readonly warnings: string[] = [];
  readonly #work: AgentWork;
  readonly #disk: Disk;
  readonly #ahead = { gateway: 0, mac: 0 };
  #restartAt: number | undefined;
  /** Messages is restarting: whether its helper was there before. */
  #messagesAway: { bridge: boolean; stopTimer: StopTimer } | undefined;

  constructor(private readonly options: GroundOptions) {
    const { folder, agents, config, mac, patienceMs, recording } = options;
    this.#work = new AgentWork(patienceMs);
    // What is old when it comes is not answered.
    const start = recording?.madeAt;
    this.clock = new VirtualClock({ settle: this.#work.settle, ...(start !== undefined && { start }) });
    this.#disk = new Disk(this.clock);
    placeEmptyChats(join(folder, "mac"), mac.macos ?? "15");
    this.world = new World({
      folder,
      clock: this.clock,
      config: this.#configOf(config),
      mac,
      makeAgent: agentsOf(agents, this.#work),
      log: this.#log(),
      ...(recording && { imsg: { recording: recording.text } }),
      faults: {
        isUnforced: true,
        gatewayAheadMs: () => this.#ahead.gateway,
        macAheadMs: () => this.#ahead.mac,
        sees: { opened: (database) => this.#disk.opened(database) },
      },
    });
    placeEmptyState(this.world.stateDir);
  }

  /** What imsg plays; undefined where that is the simulated Mac. */
  get recording(): Recording | undefined {
    return this.options.recording;
  }

  /** What time it is on the Mac, milliseconds since the epoch. */
  get macTime(): number {
    return this.clock.now() + this.#ahead.mac;
  }

  /** Starts the gateway. @throws as `World.start` */
  async start(): Promise<void> {
    this.#restartAt = undefined;
    if (this.world.life !== undefined) return;
    // What a dead gateway left behind is found and ended by a real one.
    for (const child of this.world.imsg.children) child.signal("SIGKILL");
    await this.world.start();
    await this.world.connected();
  }

  /** Stops the gateway in order; what its agents work at is not waited for. */
  async stop(): Promise<void> {
    this.#restartAt = undefined;
    this.#work.leaveAll();
    await this.world.stop();
  }

  /** Time passes; a gateway that died is started again when its time has come. @param ms milliseconds */
  async advance(ms: number): Promise<void> {
    const end = this.clock.now() + ms;
    for (;;) {
      const until = Math.min(end, this.#restartAt ?? end);
      await this.clock.advance(Math.max(0, until - this.clock.now()));
      if (this.#restartAt === undefined || this.clock.now() < this.#restartAt) return;
      await this.start();
    }
  }

  /** The configuration file has another text from now on, and the gateway has found it. */
  async configure(config: object): Promise<void> {
    this.world.configure(this.#configOf(config));
    await this.advance(configMs);
  }

  /** Something goes wrong. @throws `FAULT_INVALID` */
  async fault(name: FaultName, manner: FaultManner): Promise<void> {
    const { mac, imsg } = this.world;
    if (!isGroundFault(name)) return mac.fault({ kind: name, ...manner });
    const ms = groundFaultMs(name, manner);
    switch (name) {
      case "gateway-dies":
        // One that is stopped, or dead already, does not die.
        if (this.world.life === undefined) return;
        this.#work.leaveAll();
        this.world.die();
        this.#restartAt = this.clock.now() + (ms ?? 1000);
        return;
      case "child-dies":
        for (const child of imsg.children) child.signal("SIGKILL");
        return;
      case "messages-restarts":
        return this.#restartMessages(ms ?? 5000);
      case "machine-sleeps":
        return await this.clock.leap(ms ?? 600_000);
      case "clock-jumps":
        this.#ahead.gateway += ms ?? 3_600_000;
        return;
      case "mac-clock-jumps":
        this.#ahead.mac += ms ?? 3_600_000;
        return;
      case "disk-full":
        return this.#disk.fill(ms ?? 60_000);
    }
  }

  /** @param ms until it is there again; one that is not there yet comes as much later */
  #restartMessages(ms: number): void {
    const { mac } = this.world;
    const { bridge } = this.#messagesAway ?? mac.settings();
    this.#messagesAway?.stopTimer();
    mac.messagesDies();
    const stopTimer = this.clock.after(ms, () => {
      this.#messagesAway = undefined;
      mac.set({ bridge });
    });
    this.#messagesAway = { bridge, stopTimer };
  }

  /** Nothing goes wrong any more; what died is not alive again by that. */
  heal(): void {
    this.world.mac.clearFaults();
    this.#disk.empty();
  }

  /** What the gateway has not come to the end of, in words; undefined where nothing is under way, or no gateway runs. */
  async underWay(): Promise<string | undefined> {
    if (this.#restartAt !== undefined) return "the gateway is dead, and is started again later";
    const life = this.world.life;
    if (life === undefined) return undefined;
    const { accounts } = await this.clock.through(life.gateway.status());
    for (const { id, enabled, connected, verdict, queues } of accounts) {
      if (!enabled) continue;
      if (!connected) return `the account ${id} is not connected: ${verdict}`;
      const { inbound, turns, running, outbox } = queues;
      if (inbound > 0) return `${inbound} messages wait for their decision or their turn`;
      if (turns + running > 0) return `${turns} turns wait, ${running} run`;
      if (outbox.pending + outbox.sending > 0)
        return `${outbox.pending + outbox.sending} messages are to be sent`;
    }
    return undefined;
  }

  /** Ends everything. */
  async close(): Promise<void> {
    await this.stop();
    this.world.close();
  }

  #configOf(given: object): object {
    const { agents, folder } = this.options;
    return worldConfig(given, agents, join(folder, "mac"));
  }

  #log(): Log {
    const { log } = this.options;
    const noted = (level: "warn" | "error") => (message: string, fields?: Record<string, unknown>) => {
      this.warnings.push(fields?.error === undefined ? message : `${message}: ${String(fields.error)}`);
      log?.[level](message, fields);
    };
    return {
      debug: (message, fields) => log?.debug(message, fields),
      info: (message, fields) => log?.info(message, fields),
      warn: noted("warn"),
      error: noted("error"),
    };
  }
}

/** A gateway has found and taken in a changed file by then, milliseconds. */
const configMs = 3000;

function agentsOf(agents: Readonly<Record<string, WorldAgent>>, work: AgentWork): MakeAgent {
  return async (definition, deps) => {
    const agent = agents[definition.id];
    if (typeof agent !== "function") return work.watched(await createAgent(definition, deps));
    return work.watched(
      await functionAgent(agent, definition, { home: deps.home, clock: work.sleepingOn(deps.clock) }),
    );
  };
}
