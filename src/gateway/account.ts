import type { MessageActions } from "../actions/index.js";
import type { Bridge, BridgeIncident, BridgeState } from "../bridge/index.js";
import { type Account, type Config, resolveAccount } from "../config/index.js";
import type { Decision, Envelope, MessageRow } from "../conversation/index.js";
import {
  type AccountRules,
  CatchUp,
  chatKeysOf,
  cursorPath,
  Intake,
  MissedSummary,
  missedQuietMs,
  ProgressWatch,
  readyMedia,
  refreshTurn,
} from "../inbound/index.js";
import { Sender, senderTimes } from "../outbound/index.js";
import { crashPoint, type Log, sleep, testNumber } from "../platform/index.js";
import type {
  AccountFacts,
  ChatBinding,
  Claim,
  JournalEntry,
  OutboxItem,
  SendOutcome,
  Turn,
} from "../store/index.js";
import { openBridge } from "./account-bridge.js";
import type { AccountDeps } from "./account-deps.js";
import { logOfAccount } from "./account-log.js";
import { accountStatus } from "./account-status.js";
import { localDatabase, stampOf } from "./database-file.js";
import { Hop } from "./hop.js";
import { mediaPlaces } from "./media-places.js";
import { NativeSide } from "./native.js";
import { heldNotice, quietNotice, sendNotice } from "./notice-texts.js";
import { Outages } from "./outages.js";
import { wayTo } from "./remote-mac.js";
import { ResumePoint } from "./resume-point.js";
import { rulesFor } from "./rules.js";
import type { AccountStatus } from "./status.js";

/** How long sends under way may take to be answered when the account stops, milliseconds. */
const flushMs = 1500;

/** One account at work: its bridge, what comes in, what goes out. */
export class AccountRuntime {
  readonly #log: Log;
  #claim: Claim | undefined;
  #bridge: Bridge | undefined;
  #intake: Intake | undefined;
  #sender: Sender | undefined;
  #catchUp: CatchUp | undefined;
  #missedSummary: MissedSummary | undefined;
  #progress: ProgressWatch | undefined;
  #stall: { at: number; rows: number } | undefined;
  #resumePoint: ResumePoint | undefined;
  #native: NativeSide | undefined;
  #current: { config: Config; account: Account; rules: AccountRules } | undefined;
  #lastInboundAt: number | undefined;
  #lastSend: { at: number; outcome: SendOutcome } | undefined;
  #incident: BridgeIncident | undefined;
  #lastAgent: { at: number; error?: { code: string; message: string } } | undefined;
  #stoppedAt: number | undefined;
  readonly #outages = new Outages();
  readonly #hop: Hop;

  constructor(
    readonly account: Account,
    private readonly deps: AccountDeps,
  ) {
    this.#hop = new Hop(wayTo(account, deps.home).mac, deps.clock);
    this.#log = logOfAccount(deps.log, account.id);
  }

  get bridge(): Bridge | undefined {
    return this.#bridge;
  }

  /** What agents and people may do here beside plain answers; undefined before the start. */
  get actions(): MessageActions | undefined {
    return this.#native?.actions;
  }

  get claim(): Claim | undefined {
    return this.#claim;
  }

  async start(): Promise<void> {
    const { store, clock, node, random } = this.deps;
    const { claim, facts } = await store.accounts.claim(this.account.id, node);
    crashPoint("account.claimed");
    this.#claim = claim;
    this.#bridge = this.#openBridge();
    this.#resumePoint = new ResumePoint({
      store,
      bridge: this.#bridge,
      claim,
      log: this.#log,
      startsAtNewest: this.account.catchup.enabled,
      onReplaced: (since) => this.#progress?.restart(since),
    });
    this.#missedSummary = new MissedSummary({
      store,
      claim,
      clock,
      log: this.#log,
      settings: () => ({ to: this.#currentRules().missedSummary, owners: this.owners() }),
      quietMs: testNumber("TAPBACK_TEST_MISSED_MS", missedQuietMs),
    });
    this.#intake = new Intake({
      store,
      bridge: this.#bridge,
      claim,
      clock,
      log: this.#log,
      rules: () => this.#currentRules(),
      missed: this.#missed(facts),
      onCommand: (entry, decision) => this.deps.onCommand(claim, entry, decision, this.#currentRules()),
      outages: () => this.#outages.spans,
      onMissed: () => this.#missedSummary?.add(),
      onLoop: (row) => this.#loop(row),
      onArrived: (row, arrival) => {
        this.#lastInboundAt = clock.now();
        if (arrival === "live") this.#catchUp?.sawLive(row);
      },
      onDecided: (entry, decision) => this.#decided(entry, decision),
      onOpened: (turn) => this.deps.onOpened(turn, this.#currentRules()),
    });
    this.#progress = this.#openProgress(claim, this.#bridge, this.#intake);
    if (this.account.catchup.enabled) this.#catchUp = this.#openCatchUp(claim, this.#bridge, this.#intake);
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
      onHeld: (item, held) =>
        this.deps.notices.tell(this.account.id, "held_back", item.chatKey, heldNotice(item, held)),
      times: {
        graceMs: testNumber("TAPBACK_TEST_GRACE_MS", senderTimes.graceMs),
        lookupMs: testNumber("TAPBACK_TEST_LOOKUP_MS", senderTimes.lookupMs),
        retryMs: testNumber("TAPBACK_TEST_RETRY_MS", senderTimes.retryMs),
      },
    });
    this.#native = new NativeSide({
      account: this.account.id,
      store,
      bridge: this.#bridge,
      clock,
      log: this.#log,
      settings: () => this.settings,
      owners: () => this.#senderSettings().owners,
      notices: this.deps.notices,
    });
    this.#native.recover();
    this.#bridge.start();
    await this.#intake.start();
    crashPoint("account.resumed");
    this.#sender.start();
    this.#missedSummary.start();
    this.#progress.start();
  }

  /** Takes nothing new in; turns that run may still be answered. */
  async stopIntake(): Promise<void> {
    this.#stoppedAt ??= this.deps.clock.now();
    this.#catchUp?.stop();
    this.#missedSummary?.stop();
    this.#progress?.stop();
    await this.#intake?.stop();
    crashPoint("account.intake-stopped");
  }

  /** Sends what is ready, as long as it takes but no longer than a moment, then ends the child. @param goesOn it is started again at once */
  async stop({ goesOn = false } = {}): Promise<void> {
    await this.stopIntake();
    const { store, clock } = this.deps;
    const until = clock.now() + flushMs;
    while (this.#bridge?.state === "live" && clock.now() < until && this.#sendable()) await sleep(20);
    await Promise.race([Promise.all([this.#sender?.stop(), this.#native?.stop()]), sleep(flushMs)]);
    await this.#bridge?.stop();
    // A restart is no stop: what comes meanwhile is answered.
    if (this.#claim && !goesOn) await store.accounts.release(this.#claim, this.#stoppedAt ?? clock.now());
    crashPoint("account.released");
  }

  status(): AccountStatus {
    return accountStatus(
      {
        account: this.account,
        health: this.#bridge?.health(),
        incident: this.#incident,
        lastInboundAt: this.#lastInboundAt,
        lastSend: this.#lastSend,
        lastAgent: this.#lastAgent,
        stall: this.#stall,
        hop: this.#hop.stages,
        known: this.#bridge?.actions.capabilities(),
      },
      this.deps.store,
    );
  }

  /** Finds out anew what the Mac can do, and whether its database answers; both show in the status. */
  async probe(timeoutMs: number | undefined): Promise<void> {
    const bridge = this.#bridge;
    const limitMs = timeoutMs ?? this.account.probeTimeoutMs;
    const done = [bridge?.actions.probe(), bridge?.chats(1), this.#hop.check(limitMs)];
    await Promise.race([Promise.allSettled(done), sleep(limitMs)]);
  }

  turnStarted(turn: Turn): void {
    this.#native?.turnStarted(turn);
  }

  turnEnded(turn: Turn, error: { code: string; message: string } | undefined): void {
    this.#lastAgent = { at: this.deps.clock.now(), ...(error && { error }) };
    this.#native?.turnEnded(turn);
  }

  #openBridge(): Bridge {
    return openBridge(this.account, this.deps, this.#log, {
      resumeFrom: () => this.#resumePoint!.get(),
      row: (row) => {
        this.#progress?.heard(row);
        if (!this.#catchUp?.owns(row)) this.#intake?.receive(row);
      },
      state: (state, incident) => this.#bridgeState(state, incident),
    });
  }

  #openCatchUp(claim: Claim, bridge: Bridge, intake: Intake): CatchUp {
    const { store, clock, stateDir } = this.deps;
    return new CatchUp({
      store,
      bridge,
      claim,
      clock,
      log: this.#log,
      settings: this.account.catchup,
      path: cursorPath(stateDir, this.account.id),
      take: (rows) => intake.takeMissed(rows),
      release: (rows) => {
        for (const row of rows) intake.receive(row);
      },
    });
  }

  #openProgress(claim: Claim, bridge: Bridge, intake: Intake): ProgressWatch {
    const { store, clock, home } = this.deps;
    const database = localDatabase(this.account, home);
    return new ProgressWatch({
      bridge,
      store,
      claim,
      clock,
      log: this.#log,
      stamp: () => stampOf(database),
      take: (rows) => {
        for (const row of rows) intake.receive(row);
      },
      onStall: (rows) => {
        this.#stall = { at: clock.now(), rows };
        this.#log.warn("imsg is subscribed and silent; messages were found by looking for them", { rows });
      },
      onReplaced: () => void this.#reopen(),
    });
  }

  /** imsg goes on reading a file that was renamed away (protocol reference 12, row 18): a new child opens the new one. */
  async #reopen(): Promise<void> {
    this.#log.warn("the Messages database is another file now; imsg is started anew");
    await this.#bridge?.stop();
    if (this.#stoppedAt === undefined) this.#bridge?.start();
  }

  /** Whether a failed turn is tried again by a later start, so that its sender is not told of the failure yet. */
  isRetried(turn: Turn): boolean {
    return this.#catchUp?.isRetried(turn.envelope.coalescedMessageGuids) ?? false;
  }

  /** Reads the messages of a turn again that waited for it (behaviour 9.7). */
  async refresh(turn: Turn, claim: Claim): Promise<Envelope | undefined> {
    const { store, clock } = this.deps;
    if (!this.#bridge) return turn.envelope;
    return refreshTurn(turn, claim, { bridge: this.#bridge, store, clock, log: this.#log });
  }

  /** Makes the files that came with a turn ready for its agent (behaviour 7). @param folder private, of this turn */
  async readyMedia(
    turn: Turn,
    folder: string,
    signal: AbortSignal,
  ): Promise<{ envelope: Envelope; notes: string[] }> {
    const { store, clock, home, env } = this.deps;
    if (!this.#bridge) return { envelope: turn.envelope, notes: [] };
    const base = { store, clock, bridge: this.#bridge, log: this.#log };
    const places = mediaPlaces(this.settings, home, folder, env, this.#bridge.files);
    return readyMedia(turn, { ...base, ...places }, signal);
  }

  #bridgeState(state: BridgeState, incident: BridgeIncident | undefined): void {
    if (state === "starting") this.#progress?.opened();
    this.#outages.note(state, this.deps.clock.now());
    if (state === "live") {
      if (this.#incident) this.#log.info("imsg answers again");
      else this.#log.info("connected to Messages", { pid: this.#bridge?.health().pid });
      this.#incident = undefined;
      crashPoint("bridge.live");
      this.#catchUp?.begin();
      this.#sender?.wake();
      this.#native?.live();
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

  /** Told once per pause; the messages themselves say why in the inbox. */
  #loop({ chat }: MessageRow): void {
    this.#log.warn("a chat answers itself and is left alone for a while", { chat: chat.id });
    const where = chat.name || chat.identifier;
    const text = `The chat ${where} answered itself again and again without new words. I leave it alone for five minutes.`;
    this.deps.notices.tell(this.account.id, "loop", `chat:${chat.id}`, text);
  }

  /** Settings of the account that hold now; `account` has those that it was started with. */
  get settings(): Account {
    return this.#compiled().account;
  }

  #currentRules(): AccountRules {
    return this.#compiled().rules;
  }

  /** Worked out once per change of the configuration: every message asks. */
  #compiled(): { account: Account; rules: AccountRules } {
    const config = this.deps.config();
    if (this.#current?.config !== config) {
      const account = resolveAccount(config, this.account.id) ?? this.account;
      this.#current = { config, account, rules: rulesFor(config, account, (row) => this.#boundTo(row)) };
    }
    return this.#current;
  }

  #boundTo(row: MessageRow): ChatBinding | undefined {
    return this.deps.store.bindings.find(this.account.id, chatKeysOf(row));
  }

  /** Handles of the account's owners, in normal form. */
  owners(): Set<string> {
    const { policy } = this.#currentRules();
    return new Set([...policy.owners, ...this.deps.store.pairing.owners(this.account.id)]);
  }

  #senderSettings() {
    const account = this.settings;
    return {
      owners: this.owners(),
      pace: account.outbound,
      region: account.region,
      ttlMs: account.outbound.ttlMinutes * 60_000,
      transport: account.sendTransport,
    };
  }

  #settled(item: OutboxItem, outcome: SendOutcome): void {
    this.#lastSend = { at: this.deps.clock.now(), outcome };
    this.#native?.settled(item, outcome);
    const notice = sendNotice(item, outcome);
    if (notice) this.deps.notices.tell(this.account.id, notice.kind, item.chatKey, notice.text);
    this.deps.onSettled(item);
  }

  #decided(entry: JournalEntry, decision: Decision): void {
    const notice = quietNotice(entry, decision);
    if (notice)
      this.deps.notices.tell(this.account.id, notice.kind, `chat:${entry.row.chat.id}`, notice.text);
  }

  #sendable(): boolean {
    const { pending, sending } = this.deps.store.outbox.counts(this.account.id);
    return pending + sending > 0;
  }
}
