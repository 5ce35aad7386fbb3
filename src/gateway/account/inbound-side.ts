import type { Bridge, BridgeState } from "../../bridge/index.js";
import type { Account } from "../../config/index.js";
import type { Decision, MessageRow } from "../../conversation/index.js";
import {
  CatchUp,
  cursorPath,
  Intake,
  MissedSummary,
  missedQuietMs,
  ProgressWatch,
} from "../../inbound/index.js";
import { quietNotice } from "../../outbound/index.js";
import { type Log, testNumber } from "../../platform/index.js";
import type { AccountFacts, Claim, JournalEntry, Turn } from "../../store/index.js";
import type { AccountDeps } from "./account-deps.js";
import { highestRow, localDatabase, stampOf } from "./database-file.js";
import type { LiveSettings } from "./live-settings.js";
import type { Observations } from "./observations.js";
import { ResumePoint } from "./resume-point.js";

/** What the inbound side of an account is made with. */
export interface InboundSideDeps extends AccountDeps {
  /** The settings that it was started with. */
  account: Account;
  bridge: Bridge;
  claim: Claim;
  /** What the store knew of the account when it was claimed. */
  facts: AccountFacts;
  live: LiveSettings;
  seen: Observations;
  log: Log;
  /** The Messages database is another file now. */
  onOtherDatabase: () => void;
}

/** How an account's rows come in, whichever way: live, late, by catch-up, or found by looking. */
export class InboundSide {
  readonly #intake: Intake;
  readonly #missedSummary: MissedSummary;
  readonly #progress: ProgressWatch;
  readonly #resumePoint: ResumePoint;
  readonly #catchUp: CatchUp | undefined;

  constructor(private readonly deps: InboundSideDeps) {
    this.#resumePoint = new ResumePoint({
      ...deps,
      startsAtNewest: deps.account.catchup.enabled,
      highest: (known) => highestRow(localDatabase(deps.account, deps.home), known),
      onReplaced: (since) => this.#progress.restart(since),
    });
    this.#missedSummary = new MissedSummary({
      ...deps,
      settings: () => ({ to: deps.live.rules.missedSummary, owners: deps.live.owners() }),
      quietMs: testNumber("TAPBACK_TEST_MISSED_MS", missedQuietMs),
    });
    this.#intake = this.#openIntake();
    this.#progress = this.#openProgress();
    if (deps.account.catchup.enabled) this.#catchUp = this.#openCatchUp();
  }

  /** Goes on with what the journal holds; what needs the child waits for it. */
  start(): Promise<void> {
    return this.#intake.start();
  }

  /** Begins to look for what was not heard. */
  watch(): void {
    this.#missedSummary.start();
    this.#progress.start();
  }

  async stop(): Promise<void> {
    this.#catchUp?.stop();
    this.#missedSummary.stop();
    this.#progress.stop();
    await this.#intake.stop();
  }

  /** Where the subscription begins. @throws BridgeError */
  resumeFrom(): Promise<number> {
    return this.#resumePoint.get();
  }

  /** A row of the subscription. */
  heard(row: MessageRow): void {
    this.#progress.heard(row);
    if (!this.#catchUp?.owns(row)) this.#intake.receive(row);
  }

  bridgeIs(state: BridgeState): void {
    if (state === "starting") this.#progress.opened();
    if (state === "live") this.#catchUp?.begin();
  }

  /** Whether a failed turn is tried again by a later start, so that its sender is not told of the failure yet. */
  isRetried(turn: Turn): boolean {
    return this.#catchUp?.isRetried(turn.envelope.coalescedMessageGuids) ?? false;
  }

  #openIntake(): Intake {
    const { claim, live, seen, onCommand, onOpened } = this.deps;
    return new Intake({
      ...this.deps,
      rules: () => live.rules,
      missed: this.#missed(),
      onCommand: (entry, decision) => onCommand(claim, entry, decision, live.rules),
      outages: () => seen.outages,
      onMissed: () => this.#missedSummary.add(),
      onLoop: (row) => this.#loop(row),
      onArrived: (row, arrival) => {
        seen.arrived();
        if (arrival === "live") this.#catchUp?.sawLive(row);
      },
      onDecided: (entry, decision) => this.#decided(entry, decision),
      onOpened: (turn) => onOpened(turn, live.rules),
    });
  }

  #openCatchUp(): CatchUp {
    const { account, stateDir } = this.deps;
    return new CatchUp({
      ...this.deps,
      settings: account.catchup,
      path: cursorPath(stateDir, account.id),
      take: (rows) => this.#intake.takeMissed(rows),
      release: (rows) => this.#receive(rows),
    });
  }

  #openProgress(): ProgressWatch {
    const { account, home, seen, onOtherDatabase } = this.deps;
    const database = localDatabase(account, home);
    return new ProgressWatch({
      ...this.deps,
      stamp: () => stampOf(database),
      take: (rows) => this.#receive(rows),
      onStall: (rows) => seen.stalled(rows),
      onReplaced: onOtherDatabase,
    });
  }

  #receive(rows: readonly MessageRow[]): void {
    for (const row of rows) this.#intake.receive(row);
  }

  /** After a stop on purpose, what came meanwhile is not answered unless catch-up is on; after a crash it is (behaviour 9.4). */
  #missed(): { from: number; to: number } | undefined {
    const { account, facts, clock } = this.deps;
    if (account.catchup.enabled || facts.stoppedAt === undefined) return undefined;
    return { from: facts.stoppedAt, to: clock.now() };
  }

  /** Told once per pause; the messages themselves say why in the inbox. */
  #loop({ chat }: MessageRow): void {
    const { log, notices, account } = this.deps;
    log.warn("a chat answers itself and is left alone for a while", { chat: chat.id });
    const where = chat.name || chat.identifier;
    const text = `The chat ${where} answered itself again and again without new words. I leave it alone for five minutes.`;
    notices.tell(account.id, { kind: "loop", text }, `chat:${chat.id}`);
  }

  #decided(entry: JournalEntry, decision: Decision): void {
    const notice = quietNotice(entry, decision);
    const { notices, account } = this.deps;
    if (notice) notices.tell(account.id, notice, `chat:${entry.row.chat.id}`);
  }
}
