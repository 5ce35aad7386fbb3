import { join } from "node:path";
import type { Clock, Log } from "../../src/platform/index.js";
import { type Life, type NodeGround, VirtualClock, World, type WorldNode } from "../../src/testing/index.js";
import type { Ahead } from "./acts/stage.js";
import { playedAgent } from "./agent.js";
import { AllLives } from "./all-lives.js";
import { account, accounts, macOfProgram, profiles } from "./cast.js";
import { Cluster } from "./cluster.js";
import { Disk } from "./disk.js";
import { FileState, type KeptState } from "./kept-state.js";
import type { Ledger } from "./ledger.js";
import { Lives } from "./lives.js";
import { NodeProcess } from "./node-process.js";
import { OwnedProcess } from "./owned-process.js";
import type { Plan } from "./plan.js";
import type { Random } from "./random.js";
import type { PgDatabase } from "./server/database.js";
import { StateServer } from "./server/server.js";
import { ServerState } from "./server/server-state.js";
import { WorldSocket } from "./server/socket.js";
import type { Manner } from "./settings.js";
import { Webhook } from "./webhook.js";

/** What a run hears of its world. */
export interface Heard {
  /** A gateway's log line, or ours. @param node absent: ours */
  log(level: string, line: string, node?: number): void;
  /** A gateway asks imsg something. @param line as it is written */
  requested(line: string, mac: number, node: number): void;
  /** A gateway is about to read its configuration file. */
  starting(node: number): void;
}

/** What a run's world is made with. */
export interface RunWorldParts {
  plan: Plan;
  folder: string;
  random: Random;
  ledger: Ledger;
  manner: Manner;
  heard: Heard;
  /** What several gateways have their state in. */
  database: PgDatabase | undefined;
}

/** The world of a run: this process taken over, time, Macs, gateways, and where these have their state. */
export class RunWorld {
  readonly owned: OwnedProcess;
  readonly clock: VirtualClock;
  readonly world: World;
  readonly lives: AllLives;
  readonly kept: KeptState;
  readonly disk: Disk;
  readonly cluster: Cluster | undefined;
  readonly ahead: Ahead;
  readonly #nodes: readonly WorldNode[];
  #server: StateServer | undefined;

  constructor(private readonly parts: RunWorldParts) {
    const { plan, random, ledger, database, heard } = parts;
    const { nodes: count = 1 } = plan;
    this.ahead = { gateways: Array.from({ length: count }, () => 0), mac: 0 };
    this.owned = new OwnedProcess(random.fork("process"));
    const order = random.fork("order");
    const clock = new VirtualClock({ settle: this.owned.settle, choose: (most) => order.below(most) });
    this.clock = clock;
    const webhook = new Webhook(clock, random.fork("webhook"), ledger);
    this.owned.own(
      clock,
      webhook.answering(
        () => this.#present,
        (asks) => this.#nodes.some(({ life }) => life === asks),
      ),
    );
    this.disk = new Disk(clock, random.fork("disk"));
    this.kept =
      database === undefined
        ? new FileState(() => this.world, this.disk)
        : new ServerState(join(parts.folder, "mirror.db"), clock, database, () => this.#server!);
    this.world = this.#makeWorld(random);
    for (let node = 1; node < count; node++) this.world.join(this.#groundOf(node));
    this.#nodes = this.world.nodes;
    const lives = this.#nodes.map((node, index) => this.#livesOf(node, index));
    this.lives = new AllLives(lives, clock, () => this.kept.tick());
    const { kept } = this;
    if (database === undefined || !(kept instanceof ServerState)) return;
    const server = new StateServer({
      ...{ database, clock, ledger, soon: this.owned.soon },
      random: random.fork("server"),
      log: (line) => heard.log("harness", line),
      passes: (node, when) => {
        if (when === "after") kept.changed();
        this.lives.all[node]?.asked(when);
      },
      committed: () => this.cluster?.committed(),
    });
    this.#server = server;
    this.owned.ownConnections(() => new WorldSocket(server));
    const log = (line: string) => heard.log("harness", line);
    this.cluster = new Cluster({ clock, ledger, nodes: this.#nodes, lives, server, kept, log });
  }

  /** The gateways that live. */
  get alive(): Life[] {
    return this.#nodes.flatMap(({ life }) => life ?? []);
  }

  /** Waits until each account has reached Messages, at one gateway. @returns whether they have within a minute */
  async connected(): Promise<boolean> {
    const { clock } = this;
    for (const until = clock.now() + 60_000; clock.now() < until; await clock.advance(50)) {
      const statuses = await Promise.all(
        this.alive.map(({ gateway, process }) => clock.through(process.run(() => gateway.status()))),
      );
      const reached = statuses.flatMap((status) => status.accounts).filter((each) => each.connected);
      if (reached.length === this.parts.manner.accounts) return true;
    }
    return false;
  }

  /** Ends it. */
  async close(): Promise<void> {
    this.kept.closeReader();
    this.world.close();
    await this.owned.settle().catch(() => {});
    if (this.kept instanceof ServerState) this.kept.close();
    this.owned.release();
  }

  /** The life in which this is asked. */
  get #present(): Life | undefined {
    const own = NodeProcess.present;
    return own === undefined ? this.world.life : this.alive.find(({ process }) => process === own);
  }

  #makeWorld(random: Random): World {
    const pipes = random.fork("pipes");
    const { folder, plan, ledger, manner } = this.parts;
    const { process, log, sees, aheadMs } = this.#groundOf(0);
    return new World({
      folder,
      clock: this.clock,
      config: {},
      mac: { version: profiles[plan.profile]!, bridge: true, sip: "disabled", me: [account] },
      imsg: {
        inMemory: true,
        moreMacs: accounts.slice(1, manner.accounts).map(({ cliPath }) => cliPath),
      },
      makeAgent: playedAgent(ledger, this.#agentsClock, random.fork("agent")),
      ...(log && { log }),
      faults: {
        pipes: {
          latencyMs: () => (pipes.chance(0.8) ? pipes.below(3) : pipes.below(60)),
          piece: (waiting) => (pipes.chance(0.85) ? waiting : pipes.between(1, waiting)),
        },
        ...(aheadMs && { gatewayAheadMs: aheadMs }),
        macAheadMs: () => this.ahead.mac,
        ...(sees && { sees }),
        ...(process && { process }),
      },
    });
  }

  #groundOf(node: number): NodeGround {
    const { heard, plan } = this.parts;
    const log = (level: string) => (line: string) => heard.log(level, line, node);
    const told: Log = { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") };
    const aheadMs = () => this.ahead.gateways[node]!;
    return {
      log: told,
      aheadMs,
      sees: {
        database: {
          before: (sql) => this.lives.all[node]!.beforeStatement(sql),
          executed: (sql) => this.disk.executed(sql),
        },
        opened: (database, path) => this.disk.opened(database, path),
        request: (line, cliPath) => {
          if (!NodeProcess.present?.isDead) heard.requested(line, macOfProgram(cliPath), node);
        },
      },
      ...(plan.nodes && { process: () => new NodeProcess(node, this.clock, aheadMs, this.owned.soon) }),
    };
  }

  #livesOf(node: WorldNode, index: number): Lives {
    const { heard, ledger, plan } = this.parts;
    return new Lives({
      ...{ node, clock: this.clock, kept: this.kept, ledger },
      log: (line) => heard.log("harness", plan.nodes ? `node ${index}: ${line}` : line),
      starting: () => heard.starting(index),
    });
  }

  /** An agent works in the process of its gateway, by the world's time of day. */
  get #agentsClock(): Clock {
    const own = () => NodeProcess.present?.scope.clock ?? this.clock;
    const { now } = this.clock;
    return {
      now,
      sleep: (ms, signal) => own().sleep(ms, signal),
      after: (ms, act) => own().after(ms, act),
      every: (ms, act) => own().every(ms, act),
    };
  }
}
