import { randomUUID } from "node:crypto";
import { homedir } from "node:os";
import { readEnvironment } from "../config/environment/index.js";
import {
  type AgentConfig,
  type Config,
  type ConfigWatch,
  formatProblem,
  normalizeId,
  resolveAgents,
  watchConfig,
} from "../config/index.js";
import {
  type ControlMethods,
  controlTable,
  type GatewayOptions,
  type Lock,
  lockState,
  prepareSocketFolder,
  refuseSecondGateway,
  serveControl,
  socketPath,
} from "../gateway/index.js";
import { OwnerNotices } from "../outbound/index.js";
import {
  awaitWithin,
  type Clock,
  type Log,
  maskedLog,
  type Surroundings,
  secretMask,
  systemClock,
  TapbackError,
  version,
} from "../platform/index.js";
import { openStateAt, RetryingStore } from "../store/index.js";
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

/** A process that runs turns of some agents for the gateways on its state, and has no account itself (behaviour 21.3). */
export class Worker {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #only: readonly string[];
  readonly #surroundings: Surroundings;
  #current: Config;
  #lock: Lock | undefined;
  #storage: RetryingStore | undefined;
  #turns: WorkerTurns | undefined;
  #configWatch: ConfigWatch | undefined;
  readonly #stopWaiting = new AbortController();
  #closeControl: () => Promise<void> = async () => {};

  /** @throws `WORKER_CANNOT_RUN`, `AGENT_UNKNOWN` */
  constructor(private readonly options: WorkerOptions) {
    const { base, agents } = options;
    const { config, stateDir, env = process.env, home = homedir() } = base;
    this.#clock = base.clock ?? systemClock;
    this.#current = config;
    this.#only = agents.map(normalizeId);
    for (const id of this.#only) mustRun(id, config);
    const secrets = Object.values(readEnvironment(stateDir, env).variables);
    this.#surroundings = { node: randomUUID(), env, secrets, home, stateDir, random: Math.random };
    const masked = { secret: secrets };
    this.#log = maskedLog(
      base.log,
      secretMask(() => [env, masked, this.#current]),
    );
  }

  /** @throws `GATEWAY_RUNNING` when another process has its state folder, `STATE_UNWRITABLE`, `STORE_UNAVAILABLE`, `STORE_TOO_NEW` */
  async start(): Promise<void> {
    const { stateDir, program } = this.options.base;
    const { url } = this.#current.store;
    await refuseSecondGateway(stateDir);
    this.#lock = lockState(stateDir, socketPath(stateDir), this.#clock.now());
    try {
      const clock = this.#clock;
      const log = this.#log;
      const direct = await openStateAt({ stateDir, url }, clock);
      const { signal } = this.#stopWaiting;
      this.#storage = new RetryingStore(direct, { clock, log, signal });
      const { store } = this.#storage;
      if (!store.errands || !store.blobs) throw withoutServer();
      const config = () => this.#current;
      const owners = async (account: string) => new Set(await ownersOf(config(), account, store));
      const notices = new OwnerNotices({ store, clock, log, owners });
      const surroundings = this.#surroundings;
      const shared = { errands: store.errands, blobs: store.blobs };
      const turns = new WorkerTurns(
        { store, clock, log, config, surroundings, program, notices },
        shared,
        this.#only,
      );
      this.#turns = turns;
      // Agents may ask for their tools with their first turn.
      const { socket } = this.#lock.info;
      prepareSocketFolder(socket, stateDir);
      this.#closeControl = await serveControl(socket, this.#control(turns));
      await turns.start();
      this.#watchConfig();
      const { name } = this.options;
      const agents = this.#only.join(", ");
      log.info(`tapback ${version} runs turns`, { pid: process.pid, name, agents, state: stateDir });
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Takes no new turn, lets those that run finish within `gateway.shutdownGraceMs`, and gives back the rest. */
  async stop(): Promise<void> {
    this.#configWatch?.close();
    const graceMs = this.#current.gateway.shutdownGraceMs;
    const stopTimer = this.#clock.after(graceMs, () => this.#stopWaiting.abort(), { unref: true });
    await this.#turns?.stop(graceMs);
    // An agent that does not end must not hold up the exit (behaviour 17.2).
    if (this.#turns) await awaitWithin(this.#clock, 1000, this.#turns.agents.close());
    await this.#closeControl();
    stopTimer();
    this.#stopWaiting.abort();
    await this.#storage?.direct.close();
    this.#lock?.release();
    this.#lock = undefined;
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
        this.#storage?.direct.checkForChanges();
        return null;
      },
      "mcp.tools": (access) => mcp.tools(access),
      "mcp.call": ({ tool, input, ...access }) => mcp.call(access, tool, input),
    };
  }

  /** A valid change of the file holds from the next turn; an invalid one is told once and changes nothing (behaviour 2.3). */
  #watchConfig(): void {
    const { configFile } = this.options.base;
    const log = this.#log;
    if (configFile === undefined) return;
    this.#configWatch = watchConfig({
      ...configFile,
      clock: this.#clock,
      env: this.#surroundings.env,
      onEdit: async (edit) => {
        if (edit.ok) return this.#apply(edit.value.config);
        log.error("the changed configuration is invalid; the last good one stays in use");
        for (const problem of edit.error.errors) log.error(formatProblem(configFile.path, problem));
      },
    });
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
