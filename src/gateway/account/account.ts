import type { MessageActions } from "../../actions/index.js";
import type { Bridge, BridgeIncident, BridgeState } from "../../bridge/index.js";
import type { Account } from "../../config/index.js";
import type { AccountHealth, AccountStatus } from "../../health/index.js";
import { type AccountRules, MacClock } from "../../inbound/index.js";
import { heldNotice, Sender, sendNotice } from "../../outbound/index.js";
import { awaitWithin, crashPoint, type Log, messageOf } from "../../platform/index.js";
import type { Claim, OutboxItem, SendOutcome, Turn, TurnEnd } from "../../store/index.js";
import type { EventListener } from "../../telemetry/index.js";
import type { GatewayTimes } from "../times.js";
import { openBridge } from "./account-bridge.js";
import type { AccountDeps, ClaimedAccount } from "./account-deps.js";
import { logOfAccount } from "./account-log.js";
import { type AccountFactsNow, accountStatus, stagesNow } from "./account-status.js";
import { InboundSide } from "./inbound-side.js";
import { LiveSettings } from "./live-settings.js";
import { macOf } from "./mac.js";
import { NativeFeatures } from "./native-features.js";
import { Observations } from "./observations.js";
import { SshHop } from "./ssh-hop.js";
import { tellUntoldEnds } from "./untold-ends.js";

/** How an account ends. */
export interface Ending {
  /** It is started again at once, here or elsewhere. */
  goesOn?: boolean;
  /** Another node has it already. */
  isLost?: boolean;
  /** Its start failed: it counts as stopped, or not, as it did before. */
  hasFailed?: boolean;
}

/** How long sends under way may take to be answered when the account stops, milliseconds. */
const flushMs = 1500;

/** One account at work: its bridge, what comes in, what goes out. */
export class AccountRuntime {
  readonly #log: Log;
  #claim: Claim | undefined;
  #bridge: Bridge | undefined;
  #mac: MacClock | undefined;
  #inbound: InboundSide | undefined;
  #sender: Sender | undefined;
  #native: NativeFeatures | undefined;
  #stoppedAt: number | undefined;
  /** When it was stopped on purpose before it was claimed; undefined where it was not. */
  #stoppedBefore: number | undefined;
  readonly #live: LiveSettings;
  readonly #seen: Observations;
  readonly #hop: SshHop;

  /** @param listener hears what happens in the account */
  constructor(
    readonly account: Account,
    private readonly deps: AccountDeps,
    private readonly times: GatewayTimes,
    listener: EventListener = () => {},
  ) {
    this.#hop = new SshHop(macOf(account, deps.surroundings.home, deps.surroundings.env).remote, deps.clock);
    this.#log = logOfAccount(deps.log, account.id);
    this.#live = new LiveSettings(account, deps.config, deps.storage.store);
    this.#seen = new Observations(deps.clock, this.#log, (event) =>
      listener({ ...event, account: account.id, at: deps.clock.now() }),
    );
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

  /**
   * Claims the account, takes up what the journal and the outbox hold, and starts the bridge; does not wait for the Mac.
   * @param options.stoodBy this gateway was there when another one stopped it: what came since is answered
   * @throws `ACCOUNT_ELSEWHERE` when another node has it; nothing was begun then
   */
  async start({ stoodBy = false } = {}): Promise<void> {
    const { storage, clock, surroundings, notices, commands, turns } = this.deps;
    const { store } = storage;
    const { node, random, stateDir } = surroundings;
    const { claim, facts: known } = await store.accounts.claim(this.account.id, node);
    const facts = stoodBy ? { cursor: known.cursor } : known;
    crashPoint("account.claimed");
    this.#claim = claim;
    this.#stoppedBefore = known.stoppedAt;
    this.#bridge = this.#openBridge();
    const mac = await MacClock.load(store, claim.id, clock, this.#log);
    this.#mac = mac;
    const own: ClaimedAccount = { store, bridge: this.#bridge, claim, clock, log: this.#log };
    const live = this.#live;
    const seen = this.#seen;
    this.#inbound = new InboundSide(
      { ...own, mac },
      { account: this.account, facts, live, seen, surroundings, notices, commands, turns },
      this.times,
      () => void this.#reopen(),
    );
    this.#sender = new Sender(
      {
        ...own,
        random,
        rules: { settings: () => live.sender(), fileOf: (item) => turns.fileOf(item) },
        listener: {
          settled: (item, outcome) => this.#settled(item, outcome),
          held: (item, held) => notices.tell(this.account.id, heldNotice(item, held), item.chatKey),
        },
      },
      this.times.sender,
    );
    this.#native = new NativeFeatures({ ...own, live, notices, stateDir });
    await this.#native.recover(facts.stoppedAt === undefined);
    if (known.stoppedAt === undefined) await tellUntoldEnds(this.account.id, { store, clock, notices });
    this.#bridge.start();
    await this.#inbound.start();
    crashPoint("account.resumed");
    await this.#sender.start();
    await this.#inbound.watch();
  }

  /** Takes nothing new in; turns that run may still be answered. */
  async stopIntake(): Promise<void> {
    this.#stoppedAt ??= this.deps.clock.now();
    await this.#inbound?.stop();
    crashPoint("account.intake-stopped");
  }

  /**
   * Sends what is ready, as long as it takes but no longer than a moment, then ends the child.
   * @param ending.isLost nothing is sent
   */
  async stop({ goesOn = false, isLost = false, hasFailed = false }: Ending = {}): Promise<void> {
    await this.stopIntake();
    const { clock } = this.deps;
    const until = clock.now() + (isLost ? 0 : flushMs);
    while (this.#bridge?.state === "live" && clock.now() < until && (await this.#sendable()))
      await clock.sleep(20);
    await awaitWithin(clock, flushMs, Promise.all([this.#sender?.stop(), this.#native?.stop()]));
    await this.#bridge?.stop();
    // A restart is no stop, nor is a start that failed: what comes meanwhile is answered, or not, as if there had been none.
    const stoppedAt = this.#stoppedAt ?? clock.now();
    const at = hasFailed ? this.#stoppedBefore : goesOn ? undefined : stoppedAt;
    if (this.#claim && at !== undefined) await this.#release(this.#claim, at);
    crashPoint("account.released");
  }

  /** What cannot be stored makes of this stop a crash: the next start answers what came meanwhile. */
  async #release(claim: Claim, at: number): Promise<void> {
    try {
      await this.deps.storage.store.accounts.release(claim, at);
    } catch (error) {
      this.#log.error(`the stop of the account could not be stored: ${messageOf(error)}`);
    }
  }

  /** What the account's line of `tapback channels status` is told from (behaviour 16.1). */
  status(): Promise<AccountStatus> {
    return accountStatus(this.#facts, this.deps.storage.direct);
  }

  /** How it is, as far as alerts are made of it (behaviour 18.5). */
  get health(): AccountHealth {
    const facts = this.#facts;
    const { lastSend, known } = facts;
    const sendError = lastSend && "error" in lastSend.outcome ? lastSend.outcome.error.code : undefined;
    const stages = stagesNow(facts, this.deps.storage.direct);
    return { id: this.account.id, stages, sendError, privateApi: known?.privateApi };
  }

  get #facts(): AccountFactsNow {
    const { storage, clock } = this.deps;
    return {
      account: this.account,
      health: this.#bridge?.health(),
      ...this.#seen.seen,
      waiting: this.deps.turns.live.waiting.of(this.account.id),
      skew: this.#mac?.skew,
      delay: this.#mac?.delay,
      at: clock.now(),
      storeTrouble: storage.trouble,
      hop: this.#hop.found,
      known: this.#bridge?.actions.capabilities(),
    };
  }

  /** Writes to the owners past the outbox: for the one piece of news that the store cannot keep, that it keeps nothing. */
  async tellOwners(text: string): Promise<void> {
    const { region } = this.account;
    for (const handle of await this.owners())
      await this.#bridge?.send({ target: { kind: "handle", handle, service: "auto" }, text, region });
  }

  /** Finds out anew what the Mac can do, and whether its database answers; both show in the status. */
  async probe(timeoutMs: number | undefined): Promise<void> {
    const bridge = this.#bridge;
    const limitMs = timeoutMs ?? this.account.probeTimeoutMs;
    const done = [bridge?.actions.probe(), bridge?.chats(1), this.#hop.check(limitMs)];
    await awaitWithin(this.deps.clock, limitMs, Promise.allSettled(done));
  }

  /** A turn of the account begins. */
  turnStarted(turn: Turn): void {
    this.#seen.started(turn);
    // Who reads along shows no bubble, and no receipt.
    if (!turn.envelope.listening) this.#native?.turnStarted(turn);
  }

  /** Whether its chat sees a typing bubble for a turn. */
  showsBubble(turn: Turn): boolean {
    return this.#native?.showsBubble(turn) ?? false;
  }

  /** A turn of the account waits again: no bubble shows for it. */
  turnWaitsAgain(turn: Turn): void {
    this.#native?.turnEnded(turn);
  }

  /** A turn of the account ended. @param end how, with the error where it failed */
  turnEnded(turn: Turn, end: Pick<TurnEnd, "outcome" | "error">): void {
    this.#seen.answered(turn, end);
    this.#native?.turnEnded(turn);
  }

  #openBridge(): Bridge {
    const { clock, surroundings } = this.deps;
    return openBridge(this.account, { clock, log: this.#log, surroundings }, this.times.bridge, {
      resumeFrom: () => this.#inbound!.resumeFrom(),
      row: (row) => {
        this.#live.numbers.learn(row.chat);
        this.#inbound?.heard(row);
      },
      told: (event) => this.#inbound?.told(event),
      state: (state, incident) => this.#bridgeState(state, incident),
    });
  }

  /** imsg goes on reading a file that was renamed away (protocol reference 12, row 18): a new child opens the new one. */
  async #reopen(): Promise<void> {
    this.#log.warn("the Messages database is another file now; imsg is started anew");
    await this.#bridge?.stop();
    if (this.#stoppedAt === undefined) this.#bridge?.start();
  }

  /** Whether a failed turn is tried again by a later start, so that its sender is not told of the failure yet. */
  async isRetried(turn: Turn): Promise<boolean> {
    return (await this.#inbound?.isRetried(turn)) ?? false;
  }

  /** When a row was written, by our clock; before the start, when it came. */
  writtenAt(row: { sentAt: number; receivedAt: number }): number {
    return this.#mac?.writtenAt(row) ?? row.receivedAt;
  }

  #bridgeState(state: BridgeState, incident: BridgeIncident | undefined): void {
    this.#seen.bridge(state, incident, this.#bridge?.health().pid);
    if (state === "live") crashPoint("bridge.live");
    this.#inbound?.bridgeIs(state);
    if (state !== "live") this.#live.numbers.forget();
    if (state !== "live") return;
    this.#sender?.wake();
    this.#native?.live();
  }

  /** Settings of the account that hold now; `account` has those that it was started with. */
  get settings(): Account {
    return this.#live.account;
  }

  get rules(): AccountRules {
    return this.#live.rules;
  }

  /** Handles of the account's owners, in normal form. */
  owners(): Promise<Set<string>> {
    return this.#live.owners();
  }

  #settled(item: OutboxItem, outcome: SendOutcome): void {
    this.#seen.sent(item, outcome);
    this.#native?.settled(item, outcome);
    const notice = sendNotice(item, outcome);
    if (notice) this.deps.notices.tell(this.account.id, notice, item.chatKey);
    this.deps.turns.settled(item);
  }

  async #sendable(): Promise<boolean> {
    try {
      const { pending, sending } = await this.deps.storage.direct.outbox.counts(this.account.id);
      return pending + sending > 0;
    } catch {
      return false;
    }
  }
}
