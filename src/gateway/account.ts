import {
  type Bridge,
  type BridgeIncident,
  type BridgeState,
  bridgeTimes,
  ImsgBridge,
} from "../bridge/index.js";
import { type Account, type Config, resolveAccount } from "../config/index.js";
import type { Decision, MessageRow } from "../conversation/index.js";
import { type AccountRules, chatKeysOf, Intake } from "../inbound/index.js";
import { Sender, senderTimes } from "../outbound/index.js";
import { type Clock, crashPoint, type Log, sleep, testNumber } from "../platform/index.js";
import type {
  AccountFacts,
  ChatBinding,
  Claim,
  JournalEntry,
  OutboxItem,
  SendOutcome,
  Store,
} from "../store/index.js";
import { commandOf, type ProbeOutcome, probeCommand } from "./probe.js";
import { rulesFor } from "./rules.js";
import { stagesOf } from "./stages.js";
import type { AccountStatus } from "./status.js";

export interface AccountDeps {
  store: Store;
  clock: Clock;
  log: Log;
  random: () => number;
  /** The configuration that holds now. */
  config: () => Config;
  node: string;
  home: string;
  /** Runs a command that was typed in a chat of this account. */
  onCommand: (
    claim: Claim,
    entry: JournalEntry,
    decision: Decision & { kind: "command" },
    rules: AccountRules,
  ) => Promise<void>;
  /** Whether a file may go out; the error when not. */
  checkFile: (item: OutboxItem) => Promise<{ code: string; message: string } | undefined>;
  /** Told of each send that ended. */
  onSettled: (item: OutboxItem) => void;
}

/** How long sends under way may take to be answered when the account stops, milliseconds. */
const flushMs = 1500;

/** One account at work: its bridge, what comes in, what goes out. */
export class AccountRuntime {
  readonly #log: Log;
  #claim: Claim | undefined;
  #bridge: Bridge | undefined;
  #intake: Intake | undefined;
  #sender: Sender | undefined;
  #rules: { config: Config; rules: AccountRules } | undefined;
  #lastInboundAt: number | undefined;
  #lastSend: { at: number; outcome: SendOutcome } | undefined;
  #incident: BridgeIncident | undefined;
  #probed: ProbeOutcome | undefined;
  #stoppedAt: number | undefined;

  constructor(
    readonly account: Account,
    private readonly deps: AccountDeps,
  ) {
    const { log } = deps;
    const named =
      (level: keyof Log) =>
      (message: string, fields: Record<string, unknown> = {}) =>
        log[level](message, { account: account.id, ...fields });
    this.#log = { debug: named("debug"), info: named("info"), warn: named("warn"), error: named("error") };
  }

  get bridge(): Bridge | undefined {
    return this.#bridge;
  }

  get claim(): Claim | undefined {
    return this.#claim;
  }

  async start(): Promise<void> {
    const { store, clock, node, random } = this.deps;
    const { claim, facts } = await store.accounts.claim(this.account.id, node);
    crashPoint("account.claimed");
    this.#claim = claim;
    this.#bridge = this.#openBridge(claim);
    this.#intake = new Intake({
      store,
      bridge: this.#bridge,
      claim,
      clock,
      log: this.#log,
      rules: () => this.#currentRules(),
      missed: this.#missed(facts),
      onCommand: (entry, decision) => this.deps.onCommand(claim, entry, decision, this.#currentRules()),
      onArrived: () => {
        this.#lastInboundAt = clock.now();
      },
    });
    this.#sender = new Sender({
      store,
      bridge: this.#bridge,
      claim,
      clock,
      log: this.#log,
      random,
      settings: () => this.#senderSettings(),
      checkFile: this.deps.checkFile,
      onSettled: (item, outcome) => this.#settled(item, outcome),
      times: {
        graceMs: testNumber("TAPBACK_TEST_GRACE_MS", senderTimes.graceMs),
        lookupMs: testNumber("TAPBACK_TEST_LOOKUP_MS", senderTimes.lookupMs),
        retryMs: testNumber("TAPBACK_TEST_RETRY_MS", senderTimes.retryMs),
      },
    });
    this.#bridge.start();
    await this.#intake.start();
    crashPoint("account.resumed");
    this.#sender.start();
  }

  /** Takes nothing new in; turns that run may still be answered. */
  async stopIntake(): Promise<void> {
    this.#stoppedAt ??= this.deps.clock.now();
    await this.#intake?.stop();
    crashPoint("account.intake-stopped");
  }

  /** Sends what is ready, as long as it takes but no longer than a moment, then ends the child. @param goesOn it is started again at once */
  async stop({ goesOn = false } = {}): Promise<void> {
    await this.stopIntake();
    const { store, clock } = this.deps;
    const until = clock.now() + flushMs;
    while (this.#bridge?.state === "live" && clock.now() < until && this.#sendable()) await sleep(20);
    await Promise.race([this.#sender?.stop(), sleep(flushMs)]);
    await this.#bridge?.stop();
    // A restart is no stop: what comes meanwhile is answered.
    if (this.#claim && !goesOn) await store.accounts.release(this.#claim, this.#stoppedAt ?? clock.now());
    crashPoint("account.released");
  }

  status(): AccountStatus {
    const { store } = this.deps;
    const { id, name } = this.account;
    const health = this.#bridge?.health();
    const counts = store.journal.counts(id);
    const turns = store.turns.counts(id);
    const stages = stagesOf({
      health,
      incident: this.#incident,
      lastSend: this.#lastSend,
      lastAgent: this.lastAgent,
    });
    const broken = stages.find((stage) => !stage.ok);
    return {
      id,
      name: name ?? id,
      enabled: true,
      configured: true,
      running: health?.pid !== undefined,
      connected: health?.state === "live",
      verdict: broken ? broken.detail : health?.state === "live" ? "works" : (health?.state ?? "stopped"),
      state: health?.state ?? "stopped",
      connectedSince: iso(health?.state === "live" ? health.liveAt : undefined),
      lastInboundAt: iso(this.#lastInboundAt),
      lastOutboundAt: iso(this.#lastSend?.at),
      restarts: health?.restarts ?? 0,
      stages,
      ...(this.#probed?.privateApi && { privateApi: this.#probed.privateApi }),
      queues: {
        inbound: counts
          .filter(({ state }) => state === "new" || state === "decided")
          .reduce((sum, { count }) => sum + count, 0),
        turns: turns.queued,
        running: turns.running,
        outbox: store.outbox.counts(id),
      },
    };
  }

  /** Checks the whole way to Messages now, beside the running child. */
  async probe(timeoutMs: number | undefined): Promise<void> {
    const { account, deps } = this;
    this.#probed = await probeCommand(commandOf(account, deps.home), timeoutMs ?? account.probeTimeoutMs);
  }

  /** How the last turn of this account ended; set by the gateway. */
  lastAgent: { at: number; error?: { code: string; message: string } } | undefined;

  #openBridge(claim: Claim): Bridge {
    const { clock, random, home } = this.deps;
    const { account } = this;
    return new ImsgBridge({
      ...commandOf(account, home),
      attachments: account.includeAttachments,
      debounceMs: account.watchDebounceMs,
      times: {
        firstMs: testNumber("TAPBACK_TEST_RESTART_MS", bridgeTimes.firstMs),
        longestMs: testNumber("TAPBACK_TEST_RESTART_MAX_MS", bridgeTimes.longestMs),
      },
      now: () => clock.now(),
      random,
      log: (line) => this.#log.debug(`imsg: ${line}`),
      resumeFrom: () => this.#resumeFrom(claim),
      events: {
        row: (row) => this.#intake?.receive(row),
        malformed: (problem) =>
          this.#log.warn(`imsg reported something that does not fit its protocol: ${problem.detail}`, {
            rowId: problem.rowId,
          }),
        state: (state, incident) => this.#bridgeState(state, incident),
      },
    });
  }

  /** Never 0, which would lose what comes before the subscription stands (protocol reference 12, row 2). */
  async #resumeFrom(claim: Claim): Promise<number> {
    const { store } = this.deps;
    const known = store.accounts.resumePoint(this.account.id);
    if (known !== 0) return known;
    // An empty Messages is remembered as -1: what comes before the first row is journaled must not count as old.
    const newest = (await this.#bridge!.newestRowId()) || -1;
    await store.accounts.setCursor(claim, newest);
    crashPoint("account.cursor");
    return newest;
  }

  #bridgeState(state: BridgeState, incident: BridgeIncident | undefined): void {
    if (state === "live") {
      if (this.#incident) this.#log.info("imsg answers again");
      else this.#log.info("connected to Messages", { pid: this.#bridge?.health().pid });
      this.#incident = undefined;
      crashPoint("bridge.live");
      this.#sender?.wake();
    }
    if (!incident) return;
    this.#incident = incident;
    // One warning per incident, not per retry (behaviour 1.2).
    const fields = { code: incident.error.code, retryInMs: Math.round(incident.retryInMs) };
    const hint = incident.error.hint ? `; ${incident.error.hint}` : "";
    this.#log[incident.first ? "warn" : "debug"](`imsg is down: ${incident.error.message}${hint}`, fields);
  }

  /** After a stop on purpose, what came meanwhile is not answered unless catch-up is on; after a crash it is (behaviour 9.4). */
  #missed(facts: AccountFacts): { from: number; to: number } | undefined {
    if (this.account.catchup.enabled || facts.stoppedAt === undefined) return undefined;
    return { from: facts.stoppedAt, to: this.deps.clock.now() };
  }

  #currentRules(): AccountRules {
    const config = this.deps.config();
    if (this.#rules?.config !== config) {
      const account = resolveAccount(config, this.account.id) ?? this.account;
      this.#rules = { config, rules: rulesFor(config, account, (row) => this.#boundTo(row)) };
    }
    return this.#rules.rules;
  }

  #boundTo(row: MessageRow): ChatBinding | undefined {
    return this.deps.store.bindings.find(this.account.id, chatKeysOf(row));
  }

  #senderSettings() {
    const account = resolveAccount(this.deps.config(), this.account.id) ?? this.account;
    const { policy } = this.#currentRules();
    const owners = new Set([...policy.owners, ...this.deps.store.pairing.owners(this.account.id)]);
    return {
      owners,
      region: account.region,
      ttlMs: account.outbound.ttlMinutes * 60_000,
      transport: account.sendTransport,
    };
  }

  #settled(item: OutboxItem, outcome: SendOutcome): void {
    this.#lastSend = { at: this.deps.clock.now(), outcome };
    this.deps.onSettled(item);
  }

  #sendable(): boolean {
    const { pending, sending } = this.deps.store.outbox.counts(this.account.id);
    return pending + sending > 0;
  }
}

function iso(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}
