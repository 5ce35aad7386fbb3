import type { BridgeState, MacEvent } from "../../bridge/index.js";
import type { Account } from "../../config/index.js";
import type { Decision, MessageRow } from "../../conversation/index.js";
import {
  CatchUp,
  cursorPath,
  Intake,
  type IntakeParts,
  type IntakeTimes,
  type MacClock,
  MissedSummary,
  ProgressWatch,
  ResumePoint,
  type Span,
} from "../../inbound/index.js";
import { loopNotice, type NoticeText, quietNotice } from "../../outbound/index.js";
import type { AccountFacts, JournalEntry, Turn } from "../../store/index.js";
import type { GatewayTimes } from "../times.js";
import type { AccountDeps, ClaimedAccount } from "./account-deps.js";
import { highestRow, localDatabase, stampOf } from "./database-file.js";
import type { LiveSettings } from "./live-settings.js";
import type { Observations } from "./observations.js";

/** What the inbound side of an account is made with, beside what all its parts work with. */
export interface InboundSideDeps
  extends Pick<AccountDeps, "surroundings" | "notices" | "commands" | "turns"> {
  /** The settings that it was started with. */
  account: Account;
  /** What the store knew of the account when it was claimed. */
  facts: AccountFacts;
  live: LiveSettings;
  seen: Observations;
}

/** How an account's rows come in, whichever way: live, late, by catch-up, or found by looking. */
export class InboundSide {
  readonly #intake: Intake;
  readonly #missedSummary: MissedSummary;
  readonly #progress: ProgressWatch;
  readonly #resumePoint: ResumePoint;
  readonly #catchUp: CatchUp | undefined;

  /** @param onOtherDatabase the Messages database is another file now */
  constructor(
    private readonly own: ClaimedAccount & { mac: MacClock },
    private readonly deps: InboundSideDeps,
    times: Pick<GatewayTimes, "missedQuietMs" | keyof IntakeTimes>,
    onOtherDatabase: () => void,
  ) {
    const { account, live, surroundings } = deps;
    const { store, bridge, claim, clock, log } = own;
    const database = localDatabase(account, surroundings.home);
    this.#resumePoint = new ResumePoint({
      store,
      bridge,
      claim,
      log,
      startsAtNewest: account.catchup.enabled && crashedAt(deps.facts) === undefined,
      highest: (known) => highestRow(database, known),
      onReplaced: (since) => this.#progress.restart(since),
    });
    this.#missedSummary = new MissedSummary({
      store,
      claim,
      clock,
      log,
      to: () => live.rules.missedSummary,
      owners: () => live.owners(),
      quietMs: times.missedQuietMs,
    });
    this.#intake = this.#openIntake(times);
    this.#progress = this.#openProgress(database, onOtherDatabase);
    if (account.catchup.enabled) this.#catchUp = this.#openCatchUp();
  }

  /** Goes on with what the journal holds; what needs the child waits for it. */
  start(): Promise<void> {
    return this.#intake.start();
  }

  /** Begins to look for what was not heard. */
  async watch(): Promise<void> {
    await this.#missedSummary.start();
    this.#progress.start();
  }

  /** Takes no more rows; those that were taken are decided first. */
  async stop(): Promise<void> {
    const saved = this.#catchUp?.stop();
    this.#missedSummary.stop();
    this.#progress.stop();
    await this.#intake.stop();
    await saved;
  }

  /** Where the subscription begins. @throws BridgeError */
  resumeFrom(): Promise<number> {
    return this.#progress.subscribesAfter(this.#resumePoint.get());
  }

  /** A row of the subscription. */
  heard(row: MessageRow): void {
    this.#progress.heard(row);
    if (!this.#catchUp?.owns(row)) this.#intake.receive(row);
  }

  /** The Mac told something beside rows. */
  told(event: MacEvent): void {
    this.deps.seen.told(event);
    this.#intake.told(event);
  }

  /** The state of the bridge changed: what was missed meanwhile is looked for once it is live. */
  bridgeIs(state: BridgeState): void {
    if (state === "starting") this.#progress.opened();
    if (state === "live") this.#catchUp?.begin();
  }

  /** Whether a failed turn is tried again by a later start, so that its sender is not told of the failure yet. */
  async isRetried(turn: Turn): Promise<boolean> {
    return (await this.#catchUp?.isRetried(turn.envelope.coalescedMessageGuids)) ?? false;
  }

  #openIntake(times: IntakeTimes): Intake {
    const { claim } = this.own;
    const { live, seen, commands, turns } = this.deps;
    const parts: IntakeParts = {
      rules: () => live.rules,
      absences: { missed: this.#missed(), outages: () => seen.outages },
      commands: { run: (entry, decision) => commands.run(claim, entry, decision, live.rules) },
      listener: {
        arrived: (row, arrival) => {
          seen.arrived(row, arrival);
          if (arrival === "live") this.#catchUp?.sawLive(row);
        },
        decided: (entry, decision) => this.#decided(entry, decision),
        opened: (turn) => turns.opened(turn, live.rules),
        kept: () => turns.heard(),
        missed: () => this.#missedSummary.add(),
        looping: (row) => this.#loop(row),
      },
    };
    return new Intake(this.own, parts, times);
  }

  #openCatchUp(): CatchUp {
    const { account, facts, live, surroundings } = this.deps;
    const settings = {
      ...account.catchup,
      quietMs: live.rules.quietMs,
      limitKey: live.rules.policy.keyOf("catchup.perRunLimit"),
      crashedAt: crashedAt(facts),
    };
    const rows = {
      take: (some: MessageRow[]) => this.#intake.takeMissed(some),
      release: (some: MessageRow[]) => this.#receive(some),
      misses: () => this.#progress.misses,
    };
    return new CatchUp({ ...this.own, settings, rows }, cursorPath(surroundings.stateDir, account.id));
  }

  #openProgress(database: string | undefined, onOtherDatabase: () => void): ProgressWatch {
    return new ProgressWatch({
      ...this.own,
      stamp: () => stampOf(database),
      listener: {
        found: (rows) => this.#receive(rows),
        listed: (chats) => this.#intake.listed(chats),
        stalled: (rows) => this.deps.seen.stalled(rows),
        replaced: onOtherDatabase,
      },
    });
  }

  #receive(rows: readonly MessageRow[]): void {
    for (const row of rows) this.#intake.receive(row);
  }

  /** After a stop on purpose, what came meanwhile is not answered unless catch-up is on; after a crash it is (behaviour 9.4). */
  #missed(): Span | undefined {
    const { account, facts } = this.deps;
    if (account.catchup.enabled || facts.stoppedAt === undefined) return undefined;
    return { from: facts.stoppedAt, to: this.own.clock.now() };
  }

  /** Told once per pause; the messages themselves say why in the inbox. */
  #loop(row: MessageRow): void {
    this.own.log.warn("a chat answers itself and is left alone for a while", { chat: row.chat.id });
    this.#tell(loopNotice(row), row);
  }

  #decided(entry: JournalEntry, decision: Decision): void {
    this.deps.seen.decided(entry, decision);
    const { row } = entry;
    const notice = quietNotice(row, decision);
    if (notice) this.#tell(notice, row);
  }

  #tell(notice: NoticeText, { chat }: MessageRow): void {
    this.deps.notices.tell(this.deps.account.id, notice, `chat:${chat.id}`);
  }
}

/** The last row that was journaled before an end that was not orderly; undefined after an orderly one and at the first start. */
function crashedAt({ cursor, stoppedAt }: AccountFacts): number | undefined {
  return stoppedAt === undefined && cursor !== 0 ? cursor : undefined;
}
