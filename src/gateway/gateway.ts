import { randomUUID } from "node:crypto";
import { homedir } from "node:os";
import { ChatCommands } from "../commands/index.js";
import { readEnvironment } from "../config/environment/index.js";
import {
  type Account,
  type Config,
  type ConfigWatch,
  defaultAccountId,
  diffConfig,
  formatProblem,
  resolveAccounts,
  watchConfig,
} from "../config/index.js";
import { consoleLog } from "../console/index.js";
import { noteConnection, restWithoutPrograms } from "../events/index.js";
import { AlertWatch, type GatewayStatus, StoreWatch } from "../health/index.js";
import { OwnerNotices } from "../outbound/index.js";
import {
  awaitWithin,
  type Clock,
  KeepAwake,
  type Log,
  maskedLog,
  SleepWatch,
  type Surroundings,
  secretMask,
  systemClock,
} from "../platform/index.js";
import { Retention, RetryingStore, type Store, takeStateAt } from "../store/index.js";
import { Telemetry } from "../telemetry/index.js";
import { placeGroupSessions, TurnWork } from "../turns/index.js";
import { Webhooks } from "../webhooks/index.js";
import { AccountRuntime } from "./account/account.js";
import type { AccountDeps } from "./account/account-deps.js";
import { idleStatus } from "./account/idle-status.js";
import { twinsAmong } from "./account/same-database.js";
import { announce } from "./announce.js";
import { chatControls } from "./chat-controls.js";
import type { Gateway } from "./contract.js";
import { serveControl } from "./control/server.js";
import { prepareSocketFolder, socketPath } from "./control/socket-path.js";
import type { ControlMethods } from "./control/table.js";
import { HttpSites, type ProgramParts } from "./http-sites.js";
import { type Lock, lockState } from "./lock.js";
import { messageControl } from "./message-control.js";
import type { GatewayOptions, GatewayParts } from "./options.js";
import { refuseSecondGateway } from "./second-gateway.js";
import { selfControl } from "./self-control.js";
import { tellOwnersOf } from "./tell-owners.js";
import { type GatewayTimes, timesFrom } from "./times.js";

/** Makes a gateway; nothing is opened or started before `start`. */
export function createGateway(options: GatewayOptions): Gateway {
  return gatewayOf(options, {});
}

/** As {@link createGateway}, of other parts. */
export function gatewayOf(options: GatewayOptions, parts: GatewayParts): Gateway {
  return new TapbackGateway(options, parts);
}

class TapbackGateway implements Gateway {
  readonly #clock: Clock;
  readonly #times: GatewayTimes;
  #surroundings: Surroundings;
  readonly #config: () => Config;
  readonly #log: Log;
  readonly #kept: ProgramParts["kept"];
  #current: Config;
  #accountDeps: AccountDeps | undefined;
  #configWatch: ConfigWatch | undefined;
  #lock: Lock | undefined;
  #storage: RetryingStore | undefined;
  #stopWaiting = new AbortController();
  #accounts: AccountRuntime[] = [];
  #work: TurnWork | undefined;
  #closeControl: () => Promise<void> = async () => {};
  #retention: Retention | undefined;
  #webhooks: Webhooks | undefined;
  /** Accounts that are not served, with the one that has their database. */
  #twins = new Map<string, string>();
  #storeWatch: StoreWatch | undefined;
  #alertWatch: AlertWatch | undefined;
  readonly #sleepWatch: SleepWatch;
  readonly #keepAwake: KeepAwake;
  readonly #http: HttpSites;
  readonly #telemetry: Telemetry;

  constructor(
    private readonly options: GatewayOptions,
    private readonly parts: GatewayParts,
  ) {
    this.#clock = options.clock ?? systemClock;
    const { stateDir, env = process.env, home = homedir() } = options;
    this.#times = timesFrom(env);
    const secrets = Object.values(readEnvironment(stateDir, env).variables);
    const { startImsg } = parts;
    this.#surroundings = { node: randomUUID(), env, secrets, home, stateDir, random: Math.random, startImsg };
    this.#current = this.#completed(options.config);
    this.#config = () => this.#current;
    const masked = { secret: secrets };
    const mask = secretMask(() => [env, masked, this.#current]);
    this.#kept = consoleLog(options.log, this.#clock, this.#config);
    this.#log = maskedLog(this.#kept, mask);
    this.#telemetry = new Telemetry(this.#log, parts.listener);
    this.#sleepWatch = new SleepWatch({ clock: this.#clock, log: this.#log });
    this.#keepAwake = new KeepAwake({ env, log: this.#log });
    this.#http = new HttpSites({ clock: this.#clock, log: this.#log }, () => this.#programs());
  }

  async start(): Promise<void> {
    const { stateDir } = this.options;
    const { openStore: open, hasControl = true } = this.parts;
    // What an earlier start claimed is another one's.
    this.#surroundings = { ...this.#surroundings, node: randomUUID() };
    if (hasControl) await refuseSecondGateway(stateDir);
    this.#lock = lockState(stateDir, socketPath(stateDir), this.#clock.now());
    try {
      this.#sleepWatch.start();
      this.#keepAwake.set(this.#current.gateway.keepAwake);
      const store = await takeStateAt({ stateDir, ...this.#current.store }, this.#clock, open);
      const storage = this.#waitingFor(store);
      this.#storage = storage;
      await placeGroupSessions(this.#config(), store, this.#log);
      const notices = this.#ownerNotices(storage.store);
      const work = this.#turnWork(storage.store, notices);
      this.#work = work;
      this.#accountDeps = this.#depsOfAccounts(storage, notices, work);
      await this.#telemetry.open();
      this.#accounts = this.#servable().map((account) => this.#runtimeOf(account));
      await Promise.all(this.#accounts.map((account) => account.start()));
      // Agents may ask for their tools with their first turn.
      const { socket } = this.#lock.info;
      if (hasControl) prepareSocketFolder(socket, stateDir);
      if (hasControl) this.#closeControl = await serveControl(socket, this.#controlMethods(work));
      await work.start();
      const [clock, log] = [this.#clock, this.#log];
      const days = () => this.#config().gateway.retentionDays;
      const tidy = () => Promise.all([work.tidy(), restWithoutPrograms(store.events, clock.now())]);
      this.#retention = new Retention({ clock, log, store, days, tidy });
      this.#retention.start(this.#times.firstForgetMs);
      this.#watchStore(store);
      await this.#webhooks?.serve(this.#current.webhooks);
      this.#watchHealth();
      this.#watchConfig();
      announce(this.#log, stateDir, this.#accounts.length);
      await this.#serveHttp();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async stop({ goesOn = false } = {}): Promise<void> {
    await this.#http.close();
    this.#configWatch?.close();
    this.#retention?.stop();
    this.#storeWatch?.stop();
    this.#alertWatch?.stop();
    this.#sleepWatch.stop();
    const graceMs = this.#config().gateway.shutdownGraceMs;
    // What waits for the disk then is taken up at the next start.
    const stopTimer = this.#clock.after(graceMs, () => this.#stopWaiting.abort(), { unref: true });
    await Promise.all(this.#accounts.map((account) => account.stopIntake()));
    await this.#work?.stop(graceMs);
    await Promise.all(this.#accounts.map((account) => account.stop({ goesOn })));
    await this.#webhooks?.stop();
    this.#webhooks = undefined;
    // An agent that does not end must not hold up the exit (behaviour 17.2).
    if (this.#work) await awaitWithin(this.#clock, 1000, this.#work.agents.close());
    await this.#closeControl();
    stopTimer();
    this.#stopWaiting.abort();
    await this.#storage?.direct.close({ settle: true });
    this.#telemetry.close();
    this.#keepAwake.stop();
    this.#lock?.release();
    this.#accounts = [];
    this.#lock = undefined;
  }

  async status(): Promise<GatewayStatus> {
    const config = this.#config();
    const info = this.#lock?.info;
    const known = { sleeps: this.#sleepWatch.sleeps, http: this.#http.states };
    return {
      gateway: info ? { pid: info.pid, startedAt: info.startedAt, version: info.version, ...known } : null,
      defaultAccount: defaultAccountId(config),
      webhooks: (await this.#webhooks?.states()) ?? [],
      accounts: await Promise.all(
        resolveAccounts(config).map((account) => {
          const runtime = this.#accounts.find((candidate) => candidate.account.id === account.id);
          return runtime ? runtime.status() : idleStatus(account, this.#twins.get(account.id));
        }),
      ),
    };
  }

  readonly send: Gateway["send"] = async (message) => this.#messages.send(message);
  readonly act: Gateway["act"] = async (action, parameters) => this.#messages.act(action, parameters);

  get #messages(): ReturnType<typeof messageControl> {
    return messageControl({
      config: this.#config,
      store: () => this.#storage!.direct,
      stateDir: this.options.stateDir,
      runtimeOf: (account) => this.#accountOf(account),
    });
  }

  #completed(config: Config): Config {
    return this.parts.complete?.(config) ?? config;
  }

  #waitingFor(store: Store): RetryingStore {
    this.#stopWaiting = new AbortController();
    const { signal } = this.#stopWaiting;
    return new RetryingStore(store, { clock: this.#clock, log: this.#log, signal });
  }

  #ownerNotices(store: Store): OwnerNotices {
    const owners = async (account: string) => (await this.#accountOf(account)?.owners()) ?? new Set<string>();
    return new OwnerNotices({ store, clock: this.#clock, log: this.#log, owners });
  }

  #turnWork(store: Store, notices: OwnerNotices): TurnWork {
    const { program } = this.options;
    return new TurnWork(
      {
        store,
        clock: this.#clock,
        log: this.#log,
        config: this.#config,
        surroundings: this.#surroundings,
        program,
        accountOf: (account) => this.#accountOf(account),
        notices,
      },
      this.#times.filesMs,
      this.parts.makeAgent,
    );
  }

  #depsOfAccounts(storage: RetryingStore, notices: OwnerNotices, work: TurnWork): AccountDeps {
    const { store } = storage;
    const { configFile } = this.options;
    const [clock, log] = [this.#clock, this.#log];
    const [config, surroundings] = [this.#config, this.#surroundings];
    const controls = chatControls({
      store,
      config,
      surroundings,
      work,
      verdictOf: async (account) => (await this.#accountOf(account)?.status())?.verdict ?? "stopped",
      configPath: configFile?.path,
    });
    const commands = new ChatCommands({ store, clock, log, config, controls });
    return { storage, clock, log, config, surroundings, notices, commands, turns: work };
  }

  #controlMethods({ mcp, live }: TurnWork): ControlMethods {
    return {
      changed: async () => {
        this.#storage?.direct.checkForChanges();
        return null;
      },
      status: async ({ probe, timeoutMs }) => {
        if (probe) await Promise.all(this.#accounts.map((account) => account.probe(timeoutMs)));
        return await this.status();
      },
      "mcp.tools": (access) => mcp.tools(access),
      "mcp.call": ({ tool, input, ...access }) => mcp.call(access, tool, input),
      ...live.control,
      ...this.#http.mcp.control,
      "console.address": async () => ({ url: this.#http.consoleAddress() }),
      ...this.#messages,
      ...selfControl({
        config: this.#config,
        clock: this.#clock,
        surroundings: this.#surroundings,
        accounts: () => this.#accounts,
      }),
    };
  }

  #watchStore(store: Store): void {
    const tellOwners = (text: string) => tellOwnersOf(this.#accounts, text, this.#log);
    this.#storeWatch = new StoreWatch({ store, clock: this.#clock, log: this.#log, tellOwners });
    this.#storeWatch.start();
    const { random } = this.#surroundings;
    const hooks = { store: this.#storage!.store, clock: this.#clock, log: this.#log, random, tellOwners };
    this.#webhooks = new Webhooks(hooks);
  }

  #watchHealth(): void {
    const parts = {
      ...this.#surroundings,
      clock: this.#clock,
      log: this.#log,
      channels: () => this.#current.alerts,
      accounts: () => this.#accounts.map(({ health }) => health),
    };
    this.#alertWatch = new AlertWatch(parts, this.#times.alertEveryMs);
    this.#alertWatch.start();
  }

  /** A valid change of the file holds from the next message; an invalid one is told once and changes nothing (behaviour 2.3). */
  #watchConfig(): void {
    const { configFile } = this.options;
    const log = this.#log;
    if (configFile === undefined) return;
    this.#configWatch = watchConfig({
      ...configFile,
      clock: this.#clock,
      env: this.#surroundings.env,
      onEdit: async (edit) => {
        if (edit.ok) return this.#apply(this.#completed(edit.value.config));
        log.error("the changed configuration is invalid; the last good one stays in use");
        for (const problem of edit.error.errors) log.error(formatProblem(configFile.path, problem));
      },
    });
  }

  async #apply(next: Config): Promise<void> {
    const log = this.#log;
    const { changed, removed, restart } = diffConfig(this.#current, next);
    if (changed.length === 0) return;
    log.info(`configuration changed: ${changed.join(", ")}`);
    const [earlier, fallback] = [defaultAccountId(this.#current), defaultAccountId(next)];
    if (earlier !== fallback)
      log.warn(
        `the default account is ${fallback} now: its groups and those of ${earlier} begin new sessions`,
      );
    if (next.store.url !== this.#current.store.url)
      log.warn("store.url holds from the next start of the gateway");
    this.#current = next;
    this.#keepAwake.set(next.gateway.keepAwake);
    const served = this.#servable();
    const stays = ({ account: { id } }: AccountRuntime) =>
      ![...removed, ...restart].includes(id) && served.some((account) => account.id === id);
    const ends = this.#accounts.filter((runtime) => !stays(runtime));
    await Promise.all(ends.map((runtime) => runtime.stop({ goesOn: restart.includes(runtime.account.id) })));
    const remain = this.#accounts.filter(stays);
    const begins = served
      .filter(({ id }) => !remain.some(({ account }) => account.id === id))
      .map((account) => this.#runtimeOf(account));
    this.#accounts = [...remain, ...begins];
    await Promise.all(begins.map((runtime) => runtime.start()));
    for (const { account } of ends)
      log.info(restart.includes(account.id) ? "account restarted" : "account stopped", {
        account: account.id,
      });
    for (const { account } of begins)
      if (!restart.includes(account.id)) log.info("account started", { account: account.id });
    this.#work?.live.refresh();
    await this.#work?.agents.refresh();
    await this.#webhooks?.serve(next.webhooks);
    await this.#serveHttp();
  }

  /** The accounts that are served: those that are enabled, the first of each database. */
  #servable(): Account[] {
    const enabled = resolveAccounts(this.#config()).filter((account) => account.enabled);
    const { served, twinOf } = twinsAmong(enabled, this.#surroundings.home);
    for (const [account, twin] of twinOf)
      if (this.#twins.get(account) !== twin)
        this.#log.error(
          `account "${account}" is not served: account "${twin}" has the same Messages database, and each message would be answered twice`,
          { account },
        );
    this.#twins = twinOf;
    return served;
  }

  #runtimeOf(account: Account): AccountRuntime {
    return new AccountRuntime(account, this.#accountDeps!, this.#times, (event) => {
      if (event.type === "health") noteConnection(this.#storage!.direct.events, event, this.#log);
      this.#telemetry.tell(event);
    });
  }

  #accountOf(account: string): AccountRuntime | undefined {
    return this.#accounts.find((runtime) => runtime.account.id === account);
  }

  /** Opens, changes or closes what is served over HTTP, as the configuration has it now. */
  #serveHttp(): Promise<void> {
    return this.#http.apply(this.#current, { ...this.options, ...this.#surroundings, work: this.#work! });
  }

  #programs(): ProgramParts {
    const own = { config: this.#config, clock: this.#clock, log: this.#log, telemetry: this.#telemetry };
    const attachment: ProgramParts["attachment"] = (...file) => this.#work!.attachment(...file);
    const { send } = this.#messages;
    const store = this.#storage!.direct;
    return { ...own, store, status: () => this.status(), send, attachment, kept: this.#kept };
  }
}
