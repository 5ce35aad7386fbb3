import { ChildRecords } from "../agents/index.js";
import type { Config } from "../config/index.js";
import { OutgoingFiles, type OwnerNotices, quietHoursEnd, turnNotice } from "../outbound/index.js";
import {
  type Clock,
  type ErrorCode,
  type Log,
  messageOf,
  type Surroundings,
  secretMask,
  TapbackError,
} from "../platform/index.js";
import type {
  JournalEntry,
  OutboxItem,
  Store,
  Turn,
  TurnEnd,
  TurnError,
  TurnOrigin,
} from "../store/index.js";
import { TurnAccounts } from "./accounts.js";
import { AgentPool, type MakeAgent } from "./agents/pool.js";
import { placeOfTurn } from "./agents/session-agent.js";
import { Drafts } from "./drafts/drafts.js";
import { DraftWatch } from "./drafts/watch.js";
import { ToolEquipment } from "./equipment.js";
import { LiveSessions } from "./live/live.js";
import { type OpenedAttachment, openAttachment } from "./media/attachment.js";
import type { OpenedTurn } from "./open-turn.js";
import { ownersOf } from "./owners.js";
import { TurnAllowance } from "./people/turn-allowance.js";
import { Preparation } from "./preparation.js";
import { Questions } from "./questions/ask.js";
import { Votes } from "./questions/votes.js";
import { AnswerComposer, isOwnersOwn } from "./replies/composer.js";
import { signOf } from "./replies/sign.js";
import type { TurnParts } from "./running/parts.js";
import { TurnRunner } from "./running/runner.js";
import { ScheduleClock } from "./schedule/clock.js";
import { MakersNow } from "./schedule/makers.js";
import { McpSessions, type OwnProgram } from "./tools/mcp-sessions.js";
import type { TurnAccount } from "./turn-account.js";
import { TurnFolders } from "./turn-folders.js";
import type { TurnRules } from "./turn-rules.js";
import { Mirror } from "./voice/mirror.js";
import { transcriberOf } from "./voice/transcribe.js";

/** What turns are run with. */
export interface TurnWorkDeps {
  store: Store;
  clock: Clock;
  log: Log;
  config: () => Config;
  surroundings: Surroundings;
  /** How this gateway's own program is started, for the MCP servers of agents; absent: they get none. */
  program: (() => OwnProgram) | undefined;
  /** An account at work; undefined when it is stopped or gone. */
  accountOf: (account: string) => TurnAccount | undefined;
  notices: OwnerNotices;
}

/** Everything that runs turns: the runner, the agents, and what a turn is given beside its envelope. */
export class TurnWork {
  readonly agents: AgentPool;
  readonly questions: Questions;
  readonly votes: Votes;
  readonly mcp: McpSessions;
  readonly drafts: Drafts;
  readonly live: LiveSessions;
  readonly #draftWatch: DraftWatch;
  readonly #accounts: TurnAccounts;
  readonly #folders: TurnFolders;
  readonly #outgoing: OutgoingFiles;
  readonly #runner: TurnRunner;
  readonly #schedule: ScheduleClock;
  readonly #children: ChildRecords;
  readonly #stop = new AbortController();

  /**
   * @param filesMs how long after its message a file may come, milliseconds
   * @param makeAgent makes the agents; the runtimes of the product when absent
   * @param left accounts whose turns other processes run
   */
  constructor(
    private readonly deps: TurnWorkDeps,
    filesMs: number,
    makeAgent?: MakeAgent,
    left: () => readonly string[] = () => [],
  ) {
    const { store, clock, log, config } = deps;
    const { env, home, random, stateDir } = deps.surroundings;
    const owners = (account: string) => ownersOf(config(), account, store);
    this.#children = new ChildRecords(stateDir, clock, log);
    this.live = new LiveSessions(
      {
        ...{ store, clock, log, config, left },
        isHushed: async (turn) => this.drafts.holdsAnswerOf(turn) || (await this.#isHushed(turn)),
      },
      () => this.#runner.wake(),
    );
    const { sessions: channels } = this.live;
    const agentDeps = { env, home, clock, random, records: this.#children, channels };
    this.agents = new AgentPool(config, store, stateDir, agentDeps, makeAgent);
    this.#accounts = new TurnAccounts(deps.accountOf, config);
    this.questions = new Questions({
      store,
      clock,
      log,
      owners,
      hasPolls: (account) => this.#accounts.hasPolls(account),
      timeoutMs: () => config().acp.permissionTimeoutSeconds * 1000,
    });
    this.votes = new Votes({
      ...{ store, clock, log, questions: this.questions.open },
      rulesOf: (account) => this.#accounts.settingsOf(account),
    });
    this.mcp = new McpSessions(stateDir, deps.program);
    this.drafts = new Drafts({ store, clock, log, config, accounts: this.#accounts, owners });
    this.#draftWatch = new DraftWatch({ store, clock, log, drafts: this.drafts });
    this.#folders = new TurnFolders(stateDir, store);
    this.#outgoing = new OutgoingFiles(stateDir, store, clock);
    this.#schedule = new ScheduleClock({
      store,
      clock,
      log,
      makers: new MakersNow(store, clock, deps.accountOf),
      owners,
      drafts: this.drafts,
      lateMs: (account) => this.#accounts.settingsOf(account).outbound.ttlMinutes * 60_000,
      quietEnd: (account, at) => {
        const { quietHours } = this.#accounts.settingsOf(account).outbound;
        return quietHours === "" ? undefined : quietHoursEnd(quietHours, at);
      },
    });
    this.#runner = this.#makeRunner(filesMs);
  }

  /** Settles what an earlier process left (questions, folders, children), then begins to run turns and the schedule. */
  async start(): Promise<void> {
    const { store, clock } = this.deps;
    await store.questions.abandon(clock.now());
    await this.tidy();
    await this.#children.settle(this.#stop.signal);
    this.#runner.start();
    this.live.waiting.start();
    this.#schedule.start();
    this.#draftWatch.start();
    this.votes.start();
  }

  /**
   * Opens a file of a message, from an account that is at work, for somebody who may read the message.
   * @throws `ACCOUNT_STOPPED`, and what {@link openAttachment} throws
   */
  async attachment(entry: JournalEntry, index: number): Promise<OpenedAttachment | undefined> {
    const { bridge, settings } = this.#accounts.of(entry.account) ?? {};
    const { surroundings, clock } = this.deps;
    if (bridge && settings)
      return openAttachment(entry, index, { account: settings, bridge, surroundings, clock });
    throw new TapbackError("ACCOUNT_STOPPED", `the account ${entry.account} is not at work`);
  }

  /** Other accounts are at work by now: what waited for them goes on. */
  accountsChanged(): void {
    this.#runner.wake();
    this.live.waiting.wake();
    this.#schedule.wake();
    this.votes.wake();
  }

  /** Takes no new turn, and lets those that run finish. @param graceMs milliseconds */
  async stop(graceMs: number): Promise<void> {
    this.#stop.abort();
    this.#schedule.stop();
    await this.#draftWatch.stop();
    await this.votes.stop();
    await this.live.waiting.stop();
    await this.#runner.stop(graceMs);
  }

  /** Ends what runs and what waits in a session. @param from only of this conversation @returns the turns */
  async cancel(sessionKey: string, from?: TurnOrigin): Promise<Turn[]> {
    const ended = await this.#runner.cancel(sessionKey, from);
    this.live.waiting.wake();
    return ended;
  }

  /**
   * A turn was queued: in queue mode `interrupt` it ends what runs for the same chat in its session; else whoever wrote is
   * told where it waits behind a question (behaviour 6.5). In `steer` it is offered to what runs, unless that waits itself.
   */
  opened(turn: OpenedTurn, { queueMode }: Pick<TurnRules, "queueMode">): void {
    if (queueMode === "interrupt") {
      this.#runner.interrupt(turn);
      return;
    }
    this.questions
      .tellWaiting(turn.turnId, turn.sessionKey)
      .then((isAsked) => {
        if (!isAsked && queueMode === "steer") this.#runner.steer(turn);
      })
      .catch((error) => {
        this.deps.log.warn(`a message that waits was not told so: ${messageOf(error)}`, {
          turn: turn.turnId,
        });
      });
  }

  /** Somebody wrote: it may overtake a draft of its chat. */
  heard(): void {
    this.#draftWatch.heard();
  }

  /** Judges a file of the outbox once more before it goes out. */
  checkFile(item: OutboxItem): Promise<{ code: ErrorCode; message: string } | undefined> {
    return this.#outgoing.check(item, this.#accounts.settingsOf(item.account).mediaMaxMb);
  }

  /** A send ended: the copy of its file may be of no use any more. */
  settled(item: OutboxItem): void {
    void this.#outgoing.settled(item).catch(() => {});
  }

  /** Removes files that nobody waits for any more. */
  async tidy(): Promise<void> {
    await this.#folders.sweep();
    await this.#outgoing.sweep();
  }

  #makeRunner(filesMs: number): TurnRunner {
    const { store, clock, log, config, surroundings } = this.deps;
    const { env, home, secrets, node, stateDir } = surroundings;
    const { agents, drafts, mcp, questions } = this;
    const accounts = this.#accounts;
    const folders = this.#folders;
    const owners = (account: string) => ownersOf(config(), account, store);
    const allowance = new TurnAllowance({ store, clock, log, accounts, owners });
    const where = { env, home, records: this.#children };
    const transcriber = () => transcriberOf(config(), where);
    const preparation = new Preparation({
      ...{ store, clock, log, surroundings, accounts, folders, filesMs, transcriber },
    });
    const mirror = new Mirror({ config, where, stateDir, accounts, folders, log });
    const parts: TurnParts = {
      limits: {
        maxConcurrent: () => config().agents.defaults.maxConcurrent,
        timeoutMs: async ({ sessionKey }) => {
          const { timeoutSeconds } = await store.bindings.settings(sessionKey);
          return (timeoutSeconds ?? config().agents.defaults.timeoutSeconds) * 1000;
        },
        admit: (turn, claim) => allowance.admit(turn, claim),
        held: this.live.waiting,
      },
      preparation,
      agents: { lend: (turn) => agents.lend(placeOfTurn(turn)) },
      equipment: new ToolEquipment(
        { store, clock, stateDir, accounts, agents, mcp, questions, folders },
        drafts,
      ),
      composer: new AnswerComposer({ store, log, config, stateDir, accounts, drafts, mirror }),
      signs: {
        // Nothing is sent without a yes, this line neither.
        of: (turn) => (drafts.holdsAnswerOf(turn) ? undefined : signOf(turn, config().messages)),
        isNeedless: async (turn) =>
          (accounts.of(turn.account)?.showsBubble(turn) ?? false) || (await this.#isHushed(turn)),
      },
      steering: {
        isOn: () => config().messages.queue.mode === "steer",
        isAsWritten: (waiting) => preparation.isAsWritten(waiting),
      },
      listener: {
        started: (turn) => accounts.of(turn.account)?.turnStarted(turn),
        ended: (turn, end) => this.#ended(turn, end),
        waitsAgain: (turn) => accounts.of(turn.account)?.turnWaitsAgain(turn),
      },
    };
    const masked = { secret: secrets };
    const mask = secretMask(() => [env, masked, config()]);
    return new TurnRunner({ store, node, clock, log, mask }, parts);
  }

  /** Whether somebody of the account writes by hand in the chat of a turn (behaviour 10.4). */
  async #isHushed({ account, envelope: { chat } }: Turn): Promise<boolean> {
    const { store, clock } = this.deps;
    const quietMs = this.#accounts.settingsOf(account).handoff.quietMinutes * 60_000;
    if (quietMs === 0 || chat.chatId <= 0) return false;
    const byHand = await store.journal.lastByHand(account, chat.chatId);
    return byHand !== undefined && clock.now() - byHand < quietMs;
  }

  #ended(turn: Turn, end: TurnEnd): void {
    this.#accounts.of(turn.account)?.turnEnded(turn, end);
    this.live.ended(turn, end);
    void this.#folders.tidy(turn.id).catch(() => {});
    if (end.error) void this.#tellOfFailure(turn, end.error, isOwnersOwn(turn) && end.replies.length > 0);
  }

  /** The sender reads a neutral line; the cause is for the log and the owners (behaviour 6.2). @param isTold the sender is one, and reads it in the answer */
  async #tellOfFailure(turn: Turn, error: TurnError, isTold: boolean): Promise<void> {
    const { store, log, notices } = this.deps;
    const { message, code, hint, cause } = error;
    const more = { ...(cause !== undefined && { cause }), ...(hint !== undefined && { hint }) };
    log.error(`turn failed: ${message}`, { turn: turn.id, agent: turn.agentId, code, ...more });
    try {
      const notice = turnNotice(turn, error, await store.journal.ofTurn(turn.id));
      notices.tell(turn.account, notice, turn.chatKey, isTold ? turn.envelope.sender.handle : undefined);
    } catch (failure) {
      log.error(`an owner could not be told of a failed turn: ${messageOf(failure)}`, { turn: turn.id });
    }
  }
}
