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
  resolveAccounts,
} from "../config/index.js";
import { consoleLog } from "../console/index.js";
import {
  type ControlMethods,
  type Lock,
  lockState,
  prepareSocketFolder,
  refuseSecondGateway,
  serveControl,
  socketPath,
} from "../control/index.js";
import { noteConnection } from "../events/index.js";
import type { GatewayStatus } from "../health/index.js";
import { OwnerNotices } from "../outbound/index.js";
import {
  awaitWithin,
  type Clock,
  inTurn,
  KeepAwake,
  type Log,
  maskedLog,
  messageOf,
  SleepWatch,
  type Surroundings,
  secretMask,
  systemClock,
} from "../platform/index.js";
import { type RetryingStore, type Store, takeStateAt } from "../store/index.js";
import { Telemetry } from "../telemetry/index.js";
import { placeGroupSessions, TurnWork } from "../turns/index.js";
import { AccountRuntime, type Ending } from "./account/account.js";
import type { AccountDeps } from "./account/account-deps.js";
import { idleStatus } from "./account/idle-status.js";
import { announce, announceChange } from "./announce.js";
import { chatControls } from "./chat-controls.js";
import type { Gateway } from "./contract.js";
import { controlMethods } from "./control-methods.js";
import { followConfig, takeIn } from "./follow-config.js";
import { GatewayNode } from "./gateway-node.js";
import { HttpSites, type ProgramParts } from "./http-sites.js";
import { messageControl } from "./message-control.js";
import { NewBeginnings } from "./new-beginnings.js";
import { OpenState } from "./open-state.js";
import type { GatewayOptions, GatewayParts } from "./options.js";
import { ServedAccounts } from "./served-accounts.js";
import { type GatewayTimes, timesFrom } from "./times.js";
import { Upkeep } from "./upkeep.js";

/** Wait before a gateway whose lease is gone tries again to begin anew, milliseconds. */
const againMs = 1000;

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
  /** Of the state, until the end: an edit of it holds from the next start (behaviour 21.1). */
  #url: string | undefined;
  #configWatch: ConfigWatch | undefined;
  /** Aborts at the end of what the last beginning began. */
  #over = new AbortController();
  #lock: Lock | undefined;
  #state: OpenState | undefined;
  #node: GatewayNode | undefined;
  #accounts: ServedAccounts | undefined;
  #work: TurnWork | undefined;
  #closeControl: () => Promise<void> = async () => {};
  #upkeep: Upkeep | undefined;
  /** Whether it may take what is free. */
  #isUp = false;
  #beginnings: NewBeginnings | undefined;
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
    this.#url = this.#current.store.url;
    this.#beginnings = new NewBeginnings({
      ...{ clock: this.#clock, log: this.#log, what: "gateway", againMs },
      begin: (givenUp) => this.#begin(givenUp),
      end: () => this.#end({ goesOn: true, isLost: true }),
    });
    await this.#beginnings.start();
  }

  async stop({ goesOn = false } = {}): Promise<void> {
    await this.#beginnings?.stop(this.#config().gateway.shutdownGraceMs);
    await this.#end({ goesOn });
  }

  async #begin(givenUp: AbortSignal): Promise<void> {
    const { stateDir } = this.options;
    const { openStore: open, hasControl = true } = this.parts;
    this.#over = new AbortController();
    // What an earlier start claimed is another one's.
    const id = randomUUID();
    if (hasControl) await refuseSecondGateway(stateDir);
    this.#lock = lockState(stateDir, socketPath(stateDir), this.#clock.now(), id);
    try {
      this.#sleepWatch.start();
      this.#keepAwake.set(this.#current.gateway.keepAwake);
      const store = await takeStateAt({ stateDir, url: this.#url }, this.#clock, open);
      this.#state = new OpenState(store, { clock: this.#clock, log: this.#log }, givenUp);
      const { storage } = this.#state;
      const node = await this.#join(id, store, this.#lock.earlier);
      if (node.isKeeper) await placeGroupSessions(this.#config(), store, this.#log);
      const notices = this.#ownerNotices(storage.store);
      const work = this.#turnWork(storage.store, notices);
      this.#work = work;
      const accounts = this.#servedAccounts(this.#depsOfAccounts(storage, notices, work));
      await this.#telemetry.open();
      await accounts.take();
      // Agents may ask for their tools with their first turn.
      const { socket } = this.#lock.info;
      if (hasControl) prepareSocketFolder(socket, stateDir);
      if (hasControl) this.#closeControl = await serveControl(socket, this.#controlMethods(work));
      await work.start();
      this.#upkeep = this.#upkeepOf(storage, node, work);
      await this.#upkeep.start();
      this.#watchConfig();
      announce(this.#log, stateDir, accounts.all.length + accounts.missing.length);
      await this.#serveHttp();
      this.#isUp = true;
    } catch (error) {
      await this.#end({ hasFailed: true }).catch((failure) =>
        this.#log.error(`not all could be ended: ${messageOf(failure)}`),
      );
      throw error;
    }
  }

  /** @param ending.isLost nothing is finished here */
  async #end(ending: Ending): Promise<void> {
    this.#isUp = false;
    this.#over.abort();
    const graceMs = ending.isLost ? 0 : this.#config().gateway.shutdownGraceMs;
    // What waits for the disk then is taken up at the next start.
    const stopTimer = this.#clock.after(graceMs, () => this.#state?.endWaits(), { unref: true });
    await inTurn([
      () => this.#http.close(),
      () => this.#configWatch?.close(),
      () => this.#upkeep?.rest(),
      () => this.#sleepWatch.stop(),
      () => this.#accounts?.stopIntake(),
      () => this.#work?.stop(graceMs),
      () => this.#accounts?.stop(ending),
      () => this.#upkeep?.stop(),
      // An agent that does not end must not hold up the exit (behaviour 17.2).
      () => this.#work && awaitWithin(this.#clock, 1000, this.#work.agents.close()),
      () => this.#closeControl(),
      () => stopTimer(),
      () => this.#state?.endWaits(),
      () => this.#node?.leave(),
      () => this.#state?.close(),
      () => this.#telemetry.close(),
      () => this.#keepAwake.stop(),
      // Whatever is left of this beginning, the next one finds the folder free (behaviour 21.4a).
      () => this.#lock?.release(),
    ]).finally(() => this.#forget());
  }

  /** What has ended is nobody's: an end that follows does not end it again. */
  #forget(): void {
    this.#closeControl = async () => {};
    this.#upkeep = undefined;
    this.#accounts = undefined;
    this.#work = undefined;
    this.#node = undefined;
    this.#state = undefined;
    this.#lock = undefined;
  }

  async status(): Promise<GatewayStatus> {
    const config = this.#config();
    const info = this.#lock?.info;
    const known = { sleeps: this.#sleepWatch.sleeps, http: this.#http.states };
    return {
      gateway: info ? { pid: info.pid, startedAt: info.startedAt, version: info.version, ...known } : null,
      defaultAccount: defaultAccountId(config),
      webhooks: (await this.#upkeep?.states()) ?? [],
      accounts:
        (await this.#accounts?.statuses()) ?? resolveAccounts(config).map((account) => idleStatus(account)),
    };
  }

  readonly send: Gateway["send"] = async (message) => this.#messages.send(message);
  readonly act: Gateway["act"] = async (action, parameters) => this.#messages.act(action, parameters);

  get #messages(): ReturnType<typeof messageControl> {
    return messageControl({
      config: this.#config,
      store: () => this.#state!.storage.direct,
      stateDir: this.options.stateDir,
      runtimeOf: (account) => this.#accountOf(account),
      elsewhere: (account) => this.#accounts?.elsewhere(account),
    });
  }

  async #join(id: string, store: Store, earlier: string | undefined): Promise<GatewayNode> {
    const node = new GatewayNode({
      ...{ store, clock: this.#clock, log: this.#log, ttlMs: this.#times.leaseMs },
      look: () => this.#look(),
      lost: () => this.#beginnings?.lost(),
    });
    this.#node = node;
    this.#surroundings = { ...this.#surroundings, node: id, holds: node.holds };
    await node.join(id, earlier);
    return node;
  }

  /** Takes what is free: accounts, and the keeping of the state. */
  async #look(): Promise<void> {
    if (!this.#isUp) return;
    const hasTaken = await this.#accounts?.take();
    const found = await this.#node?.refresh();
    if (!this.#isUp) return;
    if (found?.isNewKeeper) await this.#upkeep?.serve();
    if (hasTaken || found?.isOther) this.#work?.accountsChanged();
  }

  #completed(config: Config): Config {
    return this.parts.complete?.(config) ?? config;
  }

  #ownerNotices(store: Store): OwnerNotices {
    const owners = async (account: string) => (await this.#accountOf(account)?.owners()) ?? new Set<string>();
    return new OwnerNotices({ store, clock: this.#clock, log: this.#log, owners });
  }

  #turnWork(store: Store, notices: OwnerNotices): TurnWork {
    const { program } = this.options;
    return new TurnWork(
      {
        ...{ store, clock: this.#clock, log: this.#log, config: this.#config, program },
        surroundings: this.#surroundings,
        accountOf: (account) => this.#accountOf(account),
        notices,
      },
      this.#times.filesMs,
      this.parts.makeAgent,
      () => this.#accounts && this.#node?.left(this.#accounts),
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

  #controlMethods(work: TurnWork): ControlMethods {
    const own = { config: this.#config, clock: this.#clock, surroundings: this.#surroundings };
    return controlMethods({
      ...{ work, http: this.#http, messages: this.#messages },
      store: () => this.#state?.storage.direct,
      status: () => this.status(),
      self: { ...own, accounts: () => this.#atWork },
    });
  }

  #watchConfig(): void {
    const { configFile } = this.options;
    if (configFile === undefined) return;
    this.#configWatch = followConfig(configFile, {
      ...{ clock: this.#clock, log: this.#log, env: this.#surroundings.env },
      apply: (config) => this.#apply(this.#completed(config)),
    });
  }

  async #apply(next: Config): Promise<void> {
    const { changed, removed, restart } = diffConfig(this.#current, next);
    if (changed.length === 0) return;
    announceChange(this.#log, this.#current, next, changed);
    this.#current = next;
    this.#keepAwake.set(next.gateway.keepAwake);
    const { signal } = this.#over;
    const steps = [
      () => this.#accounts?.change(removed, restart),
      () => this.#work?.live.refresh(),
      () => this.#work?.agents.refresh(),
      () => this.#upkeep?.serve(),
      () => this.#serveHttp(),
    ];
    // A gateway that ends meanwhile begins and opens nothing more.
    await takeIn(steps, this.#log, signal);
  }

  #upkeepOf(storage: RetryingStore, node: GatewayNode, work: TurnWork): Upkeep {
    return new Upkeep(
      {
        ...{ storage, node, clock: this.#clock, log: this.#log, config: this.#config },
        surroundings: this.#surroundings,
        times: this.#times,
        accounts: () => this.#atWork,
      },
      () => work.tidy(),
    );
  }

  #servedAccounts(deps: AccountDeps): ServedAccounts {
    const make = (account: Account) =>
      new AccountRuntime(account, deps, this.#times, (event) => {
        if (event.type === "health") noteConnection(deps.storage.direct.events, event, this.#log);
        this.#telemetry.tell(event);
      });
    this.#accounts = new ServedAccounts({
      config: this.#config,
      log: this.#log,
      home: this.#surroundings.home,
      make,
    });
    return this.#accounts;
  }

  get #atWork(): readonly AccountRuntime[] {
    return this.#accounts?.all ?? [];
  }

  #accountOf(account: string): AccountRuntime | undefined {
    return this.#accounts?.of(account);
  }

  /** Opens, changes or closes what is served over HTTP, as the configuration has it now. */
  #serveHttp(): Promise<void> {
    return this.#http.apply(this.#current, { ...this.options, ...this.#surroundings, work: this.#work! });
  }

  #programs(): ProgramParts {
    const own = { config: this.#config, clock: this.#clock, log: this.#log, telemetry: this.#telemetry };
    const attachment: ProgramParts["attachment"] = (...file) => this.#work!.attachment(...file);
    const { send } = this.#messages;
    const store = this.#state!.storage.direct;
    return { ...own, store, status: () => this.status(), send, attachment, kept: this.#kept };
  }
}
