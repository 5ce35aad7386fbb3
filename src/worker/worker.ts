import { randomUUID } from "node:crypto";
import { homedir } from "node:os";
import { readEnvironment } from "../config/environment/index.js";
import {
  type AgentConfig,
  type Config,
  type ConfigWatch,
  normalizeId,
  resolveAgents,
} from "../config/index.js";
import {
  type ControlMethods,
  controlTable,
  type Lock,
  lockState,
  prepareSocketFolder,
  refuseSecondGateway,
  serveControl,
  socketPath,
} from "../control/index.js";
import { followConfig, type GatewayOptions, NewBeginnings, OpenState, timesFrom } from "../gateway/index.js";
import { OwnerNotices } from "../outbound/index.js";
import {
  awaitWithin,
  type Clock,
  inTurn,
  type Log,
  maskedLog,
  messageOf,
  type Surroundings,
  secretMask,
  systemClock,
  TapbackError,
  version,
} from "../platform/index.js";
import { NodeLease, type Store, takeStateAt } from "../store/index.js";
import { ownersOf, WorkerTurns } from "../turns/index.js";

/** What a worker is made of. */
export interface WorkerOptions {
  /** As a gateway's; its state folder is its own. */
  base: GatewayOptions;
  /** Ids of the agents whose turns it takes, in any spelling. */
  agents: readonly string[];
  /** For people. */
  name: string;
}

/** Wait before it joins again when it lost its lease and could not, milliseconds. */
const againMs = 2000;
/** How long an end waits for a server that may be away, milliseconds. */
const leaveMs = 2000;

/** A process that runs turns of some agents for the gateways on its state, and has no account itself (behaviour 21.3). */
export class Worker {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #only: readonly string[];
  readonly #surroundings: Surroundings;
  readonly #leaseMs: number;
  readonly #beginnings: NewBeginnings;
  #current: Config;
  /** Of the state, until the end: an edit of it holds from the next start (behaviour 21.1). */
  readonly #url: string | undefined;
  #lock: Lock | undefined;
  #state: OpenState | undefined;
  #lease: NodeLease | undefined;
  #turns: WorkerTurns | undefined;
  #configWatch: ConfigWatch | undefined;
  #closeControl: () => Promise<void> = async () => {};

  /** @throws `WORKER_CANNOT_RUN`, `AGENT_UNKNOWN` */
  constructor(private readonly options: WorkerOptions) {
    const { base, agents } = options;
    const { config, stateDir, env = process.env, home = homedir() } = base;
    this.#clock = base.clock ?? systemClock;
    this.#current = config;
    this.#url = config.store.url;
    this.#only = agents.map(normalizeId);
    for (const id of this.#only) mustRun(id, config);
    this.#leaseMs = timesFrom(env).leaseMs;
    const secrets = Object.values(readEnvironment(stateDir, env).variables);
    this.#surroundings = { node: "", env, secrets, home, stateDir, random: Math.random };
    const masked = { secret: secrets };
    const mask = secretMask(() => [env, masked, this.#current]);
    this.#log = maskedLog(base.log, mask);
    this.#beginnings = new NewBeginnings({
      ...{ clock: this.#clock, log: this.#log, what: "worker", againMs },
      begin: (givenUp) => this.#begin(givenUp),
      end: () => this.#end(0),
    });
  }

  /** @throws `GATEWAY_RUNNING` when another process has its state folder, `STATE_UNWRITABLE`, `STORE_UNAVAILABLE`, `STORE_TOO_NEW` */
  async start(): Promise<void> {
    await this.#beginnings.start();
    const agents = this.#only.join(", ");
    const { name, base } = this.options;
    this.#log.info(`tapback ${version} is up`, {
      pid: process.pid,
      worker: name,
      agents,
      state: base.stateDir,
    });
  }

  /** Takes no new turn, lets those that run finish within `gateway.shutdownGraceMs`, and gives back the rest. */
  async stop(): Promise<void> {
    const { shutdownGraceMs } = this.#current.gateway;
    await this.#beginnings.stop(shutdownGraceMs);
    await this.#end(shutdownGraceMs);
  }

  async #begin(givenUp: AbortSignal): Promise<void> {
    const { stateDir, configFile } = this.options.base;
    const id = randomUUID();
    await refuseSecondGateway(stateDir);
    this.#lock = lockState(stateDir, socketPath(stateDir), this.#clock.now(), id);
    try {
      const clock = this.#clock;
      const log = this.#log;
      const direct = await takeStateAt({ stateDir, url: this.#url }, clock);
      this.#state = new OpenState(direct, { clock, log }, givenUp);
      await this.#join(id, direct, this.#lock.earlier);
      const turns = this.#turnsOf(id, this.#state.storage.store);
      this.#turns = turns;
      // Agents may ask for their tools with their first turn.
      const { socket } = this.#lock.info;
      prepareSocketFolder(socket, stateDir);
      this.#closeControl = await serveControl(socket, this.#control(turns));
      await turns.start();
      const { env } = this.#surroundings;
      const apply = (next: Config) => this.#apply(next);
      this.#configWatch = configFile && followConfig(configFile, { clock, log, env, apply });
    } catch (error) {
      await this.#end(0).catch((failure) => this.#log.error(`not all could be ended: ${messageOf(failure)}`));
      throw error;
    }
  }

  /** Becomes a node of the state. @param earlier the one that last had the state folder, and surely is dead */
  async #join(id: string, store: Store, earlier: string | undefined): Promise<void> {
    const { nodes, watch } = store;
    if (!nodes) throw withoutServer();
    this.#lease = new NodeLease({
      ...{ store: { watch, nodes }, clock: this.#clock, log: this.#log, ttlMs: this.#leaseMs },
      look: async () => {},
      lost: this.#beginnings.lost,
    });
    const { name } = this.options;
    const node = { id, kind: "worker", name, pid: process.pid, version, agents: this.#only } as const;
    await this.#lease.start(node, earlier);
  }

  async #end(graceMs: number): Promise<void> {
    const stopTimer = this.#clock.after(graceMs, () => this.#state?.endWaits(), { unref: true });
    await inTurn([
      () => this.#configWatch?.close(),
      () => this.#turns?.stop(graceMs),
      // An agent that does not end must not hold up the exit (behaviour 17.2).
      () => this.#turns && awaitWithin(this.#clock, 1000, this.#turns.agents.close()),
      () => this.#closeControl(),
      () => stopTimer(),
      () => this.#state?.endWaits(),
      () => awaitWithin(this.#clock, leaveMs, Promise.resolve(this.#lease?.leave())),
      () => this.#lease?.stop(),
      () => this.#state?.close(),
      () => this.#lock?.release(),
    ]).finally(() => this.#forget());
  }

  /** What has ended is nobody's: an end that follows does not end it again. */
  #forget(): void {
    this.#configWatch = undefined;
    this.#closeControl = async () => {};
    this.#turns = undefined;
    this.#lease = undefined;
    this.#state = undefined;
    this.#lock = undefined;
  }

  #turnsOf(node: string, store: Store): WorkerTurns {
    const { errands, blobs } = store;
    if (!errands || !blobs) throw withoutServer();
    const clock = this.#clock;
    const log = this.#log;
    const config = () => this.#current;
    const owners = async (account: string) => new Set(await ownersOf(config(), account, store));
    const notices = new OwnerNotices({ store, clock, log, owners });
    const surroundings = { ...this.#surroundings, node };
    const { program } = this.options.base;
    const deps = { store, clock, log, config, surroundings, program, notices };
    return new WorkerTurns(deps, { errands, blobs }, this.#only);
  }

  /** Its socket is for the tools of its agents alone. */
  #control({ mcp }: WorkerTurns): ControlMethods {
    const refuse = async () => {
      throw new TapbackError("UNKNOWN_METHOD", "a worker serves the tools of its agents alone", {
        hint: "Ask the gateway, with its state folder in TAPBACK_STATE_DIR.",
      });
    };
    const refused = Object.fromEntries(Object.keys(controlTable).map((name) => [name, refuse]));
    return {
      ...(refused as unknown as ControlMethods),
      changed: async () => {
        this.#state?.storage.direct.checkForChanges();
        return null;
      },
      "mcp.tools": (access) => mcp.tools(access),
      "mcp.call": ({ tool, input, ...access }) => mcp.call(access, tool, input),
    };
  }

  async #apply(next: Config): Promise<void> {
    if (next.store.url !== this.#current.store.url)
      this.#log.warn("store.url holds from the next start of the worker");
    this.#current = next;
    this.#log.info("configuration changed");
    await this.#turns?.agents.refresh();
  }
}

/** @throws `AGENT_UNKNOWN`, `WORKER_CANNOT_RUN` */
function mustRun(id: string, config: Config): void {
  if (config.store.url === undefined) throw withoutServer();
  const agent: AgentConfig | undefined = resolveAgents(config).find((known) => known.id === id);
  if (!agent) throw new TapbackError("AGENT_UNKNOWN", `there is no agent ${id}`);
  if (agent.runtime.type === "channel")
    throw new TapbackError(
      "WORKER_CANNOT_RUN",
      `the agent ${id} is answered for by sessions at the gateway`,
      {
        hint: "Leave it out of --agents.",
      },
    );
}

function withoutServer(): TapbackError {
  return new TapbackError("WORKER_CANNOT_RUN", "the state is in a file, which one gateway has to itself", {
    hint: "Set store.url to a PostgreSQL database that the gateway uses too.",
  });
}
