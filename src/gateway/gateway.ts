import { randomUUID } from "node:crypto";
import { homedir } from "node:os";
import { join } from "node:path";
import { ChatCommands, type GatewayControls } from "../commands/index.js";
import {
  type Config,
  type ConfigWatch,
  defaultAccountId,
  diffConfig,
  formatProblem,
  resolveAccounts,
  watchConfig,
} from "../config/index.js";
import { OwnerNotices, turnNotice } from "../outbound/index.js";
import {
  type Clock,
  type Log,
  messageOf,
  sleep,
  systemClock,
  testNumber,
  version,
} from "../platform/index.js";
import { openSqliteStore, type Store } from "../store/index.js";
import { placeGroupSessions, TurnWork } from "../turns/index.js";
import { AccountRuntime } from "./account/account.js";
import type { AccountDeps } from "./account/account-deps.js";
import { idleStatus } from "./account/idle-status.js";
import type { GatewayStatus } from "./account/status.js";
import { type ControlMethods, serveControl } from "./control/server.js";
import { socketPath } from "./control/socket-path.js";
import { type Lock, lockState } from "./lock.js";
import { messageControl } from "./message-control.js";
import { sessionControls } from "./session-controls.js";

/** What a gateway is made of; what is left out is the machine's own. */
export interface GatewayOptions {
  config: Config;
  /** The file that the configuration came from: it is watched, and `/config` changes it. */
  configPath?: string;
  /** The file's text; undefined when there was no file. */
  configSource?: string | undefined;
  /** Folder of the state; created when absent. */
  stateDir: string;
  log: Log;
  clock?: Clock;
  env?: Record<string, string | undefined>;
  home?: string;
  /** How the program that serves MCP for agents is started (`tapback mcp`); absent: agents get no MCP server. */
  program?: { command: string; args: string[] };
  /** 0 inclusive to 1 exclusive, for jitter and the demo agent's dice. */
  random?: () => number;
}

/** A gateway: one process that serves every enabled account (behaviour 1.1). */
export interface Gateway {
  /** @throws `GATEWAY_RUNNING`, `STATE_UNWRITABLE`, `STORE_FULL`, `STORE_TOO_NEW` */
  start(): Promise<void>;
  /**
   * Takes nothing new in, lets running turns finish within `gateway.shutdownGraceMs`, sends what is ready (behaviour 1.4).
   * @param options.goesOn another one follows at once: what comes meanwhile is answered, as after a crash
   */
  stop(options?: { goesOn?: boolean }): Promise<void>;
  status(): GatewayStatus;
}

/** How often bodies of old messages are looked for, milliseconds. */
const retentionEveryMs = 6 * 3600_000;
/** Soon after a start too: not every gateway runs for hours. Not at once, because it reads the whole journal. */
const retentionFirstMs = 60_000;
const dayMs = 24 * 3600_000;

/** Makes a gateway; nothing is opened or started before `start`. */
export function createGateway(options: GatewayOptions): Gateway {
  return new TapbackGateway(options);
}

class TapbackGateway implements Gateway {
  readonly #clock: Clock;
  readonly #home: string;
  readonly #config: () => Config;
  #current: Config;
  #accountDeps: AccountDeps | undefined;
  #configWatch: ConfigWatch | undefined;
  #lock: Lock | undefined;
  #store: Store | undefined;
  #accounts: AccountRuntime[] = [];
  #work: TurnWork | undefined;
  #closeControl: () => Promise<void> = async () => {};
  #retention: NodeJS.Timeout[] = [];

  constructor(private readonly options: GatewayOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#home = options.home ?? homedir();
    this.#current = options.config;
    this.#config = () => this.#current;
  }

  async start(): Promise<void> {
    const { stateDir, random = Math.random, env = process.env } = this.options;
    this.#lock = lockState(stateDir, socketPath(stateDir), this.#clock.now());
    try {
      const store = openSqliteStore(join(stateDir, "state.db"));
      this.#store = store;
      await placeGroupSessions(this.#config(), store, this.options.log);
      const node = randomUUID();
      const work = this.#turnWork(store, node, env, random);
      this.#work = work;
      this.#accountDeps = this.#depsOfAccounts(store, work, node, random, env);
      this.#accounts = resolveAccounts(this.#config())
        .filter(({ enabled }) => enabled)
        .map((account) => new AccountRuntime(account, this.#accountDeps!));
      await Promise.all(this.#accounts.map((account) => account.start()));
      // Agents may ask for their tools with their first turn.
      const methods = { ...this.#controlMethods(), ...work.mcp.methods() };
      this.#closeControl = await serveControl(this.#lock.info.socket, methods);
      await work.start();
      this.#retention = [
        setTimeout(() => void this.#forget(), testNumber("TAPBACK_TEST_FORGET_MS", retentionFirstMs)),
        setInterval(() => void this.#forget(), retentionEveryMs),
      ];
      for (const timer of this.#retention) timer.unref();
      this.#watchConfig(env);
      this.#announce();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async stop({ goesOn = false } = {}): Promise<void> {
    this.#configWatch?.close();
    for (const timer of this.#retention) clearTimeout(timer);
    const graceMs = this.#config().gateway.shutdownGraceMs;
    await Promise.all(this.#accounts.map((account) => account.stopIntake()));
    await this.#work?.stop(graceMs);
    await Promise.all(this.#accounts.map((account) => account.stop({ goesOn })));
    // An agent that does not end must not hold up the exit (behaviour 17.2).
    await Promise.race([this.#work?.agents.close(), sleep(1000)]);
    await this.#closeControl();
    await this.#store?.close({ settle: true });
    this.#lock?.release();
    this.#accounts = [];
    this.#lock = undefined;
  }

  status(): GatewayStatus {
    const config = this.#config();
    const info = this.#lock?.info;
    return {
      gateway: info ? { pid: info.pid, startedAt: info.startedAt, version: info.version } : null,
      defaultAccount: defaultAccountId(config),
      accounts: resolveAccounts(config).map((account) => {
        const runtime = this.#accounts.find((candidate) => candidate.account.id === account.id);
        return runtime ? runtime.status() : idleStatus(account);
      }),
    };
  }

  #turnWork(
    store: Store,
    node: string,
    env: Record<string, string | undefined>,
    random: () => number,
  ): TurnWork {
    const { log, stateDir, program } = this.options;
    const clock = this.#clock;
    return new TurnWork({
      store,
      clock,
      log,
      config: this.#config,
      surroundings: { node, env, home: this.#home, stateDir, random },
      program,
      accountOf: (account) => this.#accountOf({ account }),
      onEnded: (turn, end) => {
        if (!end.error) return;
        const { message, code, hint, cause } = end.error;
        const more = { ...(cause !== undefined && { cause }), ...(hint !== undefined && { hint }) };
        log.error(`turn failed: ${message}`, { turn: turn.id, agent: turn.agentId, code, ...more });
        const notice = turnNotice(turn, end.error, store.journal.ofTurn(turn.id));
        this.#accountDeps?.notices.tell(turn.account, notice, turn.chatKey);
      },
    });
  }

  #depsOfAccounts(
    store: Store,
    work: TurnWork,
    node: string,
    random: () => number,
    env: Record<string, string | undefined>,
  ): AccountDeps {
    const { log } = this.options;
    const clock = this.#clock;
    const config = this.#config;
    const commands = new ChatCommands({ store, clock, log, config, controls: this.#controls(store, work) });
    return {
      store,
      clock,
      log,
      random,
      config,
      node,
      home: this.#home,
      env,
      stateDir: this.options.stateDir,
      notices: new OwnerNotices({
        store,
        clock,
        log,
        owners: (id) => this.#accountOf({ account: id })?.owners() ?? new Set(),
      }),
      onOpened: (turn, rules) => work.opened(turn, rules),
      onCommand: (claim, entry, decision, rules) => commands.run(claim, entry, decision, rules),
      checkFile: (item) => work.checkFile(item),
      onSettled: (item) => work.settled(item),
    };
  }

  #controlMethods(): ControlMethods {
    return {
      // A command wrote to the state: look now instead of at the next poll.
      changed: async () => this.#store?.checkForChanges(),
      status: async ({ probe, timeoutMs }) => {
        const limit = typeof timeoutMs === "number" ? timeoutMs : undefined;
        if (probe === true) await Promise.all(this.#accounts.map((account) => account.probe(limit)));
        return this.status();
      },
      ...messageControl({
        config: this.#config,
        store: () => this.#store!,
        stateDir: this.options.stateDir,
        runtimeOf: (account) => this.#accountOf({ account }),
      }),
    };
  }

  /** A valid change of the file holds from the next message; an invalid one is told once and changes nothing (behaviour 2.3). */
  #watchConfig(env: Record<string, string | undefined>): void {
    const { configPath, configSource, log } = this.options;
    if (configPath === undefined) return;
    this.#configWatch = watchConfig({
      path: configPath,
      source: configSource,
      env,
      onEdit: async (edit) => {
        if (edit.ok) return this.#apply(edit.value.config);
        log.error("the changed configuration is invalid; the last good one stays in use");
        for (const problem of edit.error.errors) log.error(formatProblem(configPath, problem));
      },
    });
  }

  async #apply(next: Config): Promise<void> {
    const { log } = this.options;
    const { changed, added, removed, restart } = diffConfig(this.#current, next);
    if (changed.length === 0) return;
    log.info(`configuration changed: ${changed.join(", ")}`);
    const [earlier, fallback] = [defaultAccountId(this.#current), defaultAccountId(next)];
    if (earlier !== fallback)
      log.warn(
        `the default account is ${fallback} now: its groups and those of ${earlier} begin new sessions`,
      );
    this.#current = next;
    const ends = this.#accounts.filter(({ account }) => [...removed, ...restart].includes(account.id));
    await Promise.all(ends.map((runtime) => runtime.stop({ goesOn: restart.includes(runtime.account.id) })));
    const begins = resolveAccounts(next)
      .filter(({ id }) => [...added, ...restart].includes(id))
      .map((account) => new AccountRuntime(account, this.#accountDeps!));
    this.#accounts = [...this.#accounts.filter((runtime) => !ends.includes(runtime)), ...begins];
    await Promise.all(begins.map((runtime) => runtime.start()));
    for (const { account } of ends)
      log.info(restart.includes(account.id) ? "account restarted" : "account stopped", {
        account: account.id,
      });
    for (const id of added) log.info("account started", { account: id });
    await this.#work?.agents.refresh();
  }

  #controls(store: Store, work: TurnWork): GatewayControls {
    const { configPath: path, env = process.env } = this.options;
    return {
      describe: (accountId) => {
        const status = this.#accountOf({ account: accountId })?.status();
        return `iMessage ${accountId}: ${status?.verdict ?? "stopped"}`;
      },
      cancel: (sessionKey, from) => work.cancel(sessionKey, from),
      reset: async (sessionKey) => {
        await store.turns.resetSession(sessionKey);
        await work.agents.reset(sessionKey);
      },
      answer: (id, option, by) => work.questions.answer(id, option, by),
      sessions: sessionControls(this.#config, store, work.agents, env, this.#home),
      ...(path !== undefined && { configFile: { path, env } }),
    };
  }

  #accountOf({ account }: { account: string }): AccountRuntime | undefined {
    return this.#accounts.find((runtime) => runtime.account.id === account);
  }

  async #forget(): Promise<void> {
    const { retentionDays } = this.#config().gateway;
    try {
      await this.#store?.journal.forget(this.#clock.now() - retentionDays * dayMs);
      await this.#work?.tidy();
    } catch (error) {
      this.options.log.warn(
        `what is older than gateway.retentionDays was not forgotten: ${messageOf(error)}`,
      );
    }
  }

  #announce(): void {
    const { log } = this.options;
    log.info(`tapback ${version} is up`, {
      pid: process.pid,
      state: this.options.stateDir,
      accounts: this.#accounts.length,
    });
    if (this.#accounts.length > 0) return;
    log.warn(
      "no account is enabled, so nothing is served; run `tapback init`, or add channels.imessage to the configuration",
    );
  }
}
