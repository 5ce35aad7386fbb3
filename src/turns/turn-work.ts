import { ChildRecords } from "../agents/index.js";
import { resolveAgents } from "../config/index.js";
import { OutgoingFiles, quietHoursEnd } from "../outbound/index.js";
import { messageOf, type StopTimer, TapbackError } from "../platform/index.js";
import type { HeldTurns, JournalEntry, LeftAccounts, OutboxItem, Turn, TurnOrigin } from "../store/index.js";
import { TurnAccounts } from "./accounts.js";
import type { AgentPool, MakeAgent } from "./agents/pool.js";
import type { Drafts } from "./drafts/drafts.js";
import { DraftWatch } from "./drafts/watch.js";
import { type EngineDeps, TurnEngine } from "./engine.js";
import { LiveSessions } from "./live/live.js";
import { ErrandDesk } from "./macs/desk.js";
import { OwnMacs } from "./macs/own-macs.js";
import { type OpenedAttachment, openAttachment } from "./media/attachment.js";
import type { OpenedTurn } from "./open-turn.js";
import { ownersOf } from "./owners.js";
import { Preparation } from "./preparation.js";
import type { Questions } from "./questions/ask.js";
import { Votes } from "./questions/votes.js";
import type { SessionHomes } from "./running/homes.js";
import type { TurnChooser } from "./running/parts.js";
import { ScheduleClock } from "./schedule/clock.js";
import { MakersNow } from "./schedule/makers.js";
import type { McpSessions } from "./tools/mcp-sessions.js";
import type { TurnAccount } from "./turn-account.js";
import { TurnFolders } from "./turn-folders.js";
import type { TurnRules } from "./turn-rules.js";
import { transcriberOf } from "./voice/transcribe.js";

/** The start is over by then, and hardly anybody has written yet, milliseconds. */
const loadMs = 2000;

/** What a gateway runs turns with. */
export interface TurnWorkDeps extends EngineDeps {
  /** An account at work; undefined when it is stopped or gone. */
  accountOf: (account: string) => TurnAccount | undefined;
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
  readonly #engine: TurnEngine;
  /** Undefined where one process has the state to itself. */
  readonly #desk: ErrandDesk | undefined;
  readonly #schedule: ScheduleClock;
  readonly #children: ChildRecords;
  readonly #stop = new AbortController();
  #stopLoading: StopTimer = () => {};

  /**
   * @param filesMs how long after its message a file may come, milliseconds
   * @param makeAgent makes the agents; the runtimes of the product when absent
   * @param left accounts whose turns are left to others
   */
  constructor(
    private readonly deps: TurnWorkDeps,
    filesMs: number,
    private readonly makeAgent?: MakeAgent,
    left: () => LeftAccounts | undefined = () => undefined,
  ) {
    const { store, clock, log, config, surroundings } = deps;
    const { stateDir } = surroundings;
    this.#children = new ChildRecords(stateDir, clock, log);
    this.live = new LiveSessions(
      {
        ...{ store, clock, log, config, left },
        isHushed: async (turn) => this.drafts.holdsAnswerOf(turn) || (await this.#engine.isHushed(turn)),
      },
      () => this.#engine.runner.wake(),
    );
    this.#accounts = new TurnAccounts(deps.accountOf, config);
    this.#folders = new TurnFolders(stateDir, store);
    const preparation = this.#preparation(filesMs);
    const parts = {
      accounts: this.#accounts,
      macs: new OwnMacs(this.#accounts, store, preparation),
      folders: this.#folders,
      children: this.#children,
      channels: this.live.sessions,
      choice: (homes: SessionHomes | undefined) => this.#choice(homes),
      ended: this.live.ended.bind(this.live),
    };
    this.#engine = new TurnEngine(deps, parts, makeAgent);
    const { agents, questions, mcp, drafts } = this.#engine;
    this.agents = agents;
    this.questions = questions;
    this.mcp = mcp;
    this.drafts = drafts;
    this.#desk = ErrandDesk.of({
      ...{ store, clock, log, config, stateDir, accounts: this.#accounts, drafts, preparation },
    });
    this.votes = new Votes({
      ...{ store, clock, log, questions: questions.open },
      rulesOf: (account) => this.#accounts.settingsOf(account),
    });
    this.#draftWatch = new DraftWatch({ store, clock, log, drafts });
    this.#outgoing = new OutgoingFiles(stateDir, store, clock);
    this.#schedule = new ScheduleClock({
      store,
      clock,
      log,
      makers: new MakersNow(store, clock, deps.accountOf),
      owners: (account) => ownersOf(config(), account, store),
      drafts,
      settingsOf: (account) => this.#accounts.settingsOf(account),
      quietEnd: (account, at) => {
        const { quietHours } = this.#accounts.settingsOf(account).outbound;
        return quietHours === "" ? undefined : quietHoursEnd(quietHours, at);
      },
    });
  }

  /** Settles what an earlier process left (questions, folders, children), then begins to run turns and the schedule. */
  async start(): Promise<void> {
    const { store, clock } = this.deps;
    await store.questions.abandon(clock.now());
    await this.tidy();
    await this.#children.settle(this.#stop.signal);
    this.#engine.start();
    this.#desk?.start();
    this.live.waiting.start();
    this.#schedule.start();
    this.#draftWatch.start();
    this.votes.start();
    if (this.makeAgent) return;
    this.#stopLoading = clock.after(loadMs, () => void this.agents.load(this.#leftToWorkers), {
      unref: true,
    });
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
    this.#engine.runner.wake();
    this.#desk?.wake();
    this.live.waiting.wake();
    this.#schedule.wake();
    this.votes.wake();
  }

  /** Takes no new turn, and lets those that run finish. @param graceMs milliseconds */
  async stop(graceMs: number): Promise<void> {
    this.#stop.abort();
    this.#stopLoading();
    this.#schedule.stop();
    await this.#draftWatch.stop();
    await this.votes.stop();
    await this.live.waiting.stop();
    await this.#engine.stop(graceMs);
    this.#desk?.stop();
  }

  /** Ends what runs and what waits in a session. @param from only of this conversation @returns the turns */
  async cancel(sessionKey: string, from?: TurnOrigin): Promise<Turn[]> {
    const ended = await this.#engine.runner.cancel(sessionKey, from);
    this.live.waiting.wake();
    return ended;
  }

  /**
   * A turn was queued: in queue mode `interrupt` it ends what runs for the same chat in its session; else whoever wrote is
   * told where it waits behind a question (behaviour 6.5). In `steer` it is offered to what runs, unless that waits itself.
   */
  opened(turn: OpenedTurn, { queueMode }: Pick<TurnRules, "queueMode">): void {
    if (queueMode === "interrupt") {
      this.#engine.runner.interrupt(turn);
      return;
    }
    this.#engine.queued(turn, queueMode).catch((error) => {
      this.deps.log.warn(`a message that waits was not told so: ${messageOf(error)}`, { turn: turn.turnId });
    });
  }

  /** Somebody wrote: it may overtake a draft of its chat. */
  heard(): void {
    this.#draftWatch.heard();
  }

  /** Has the file of an item of the outbox ready to go out, and judges it once more. @returns its path, or why it may not */
  fileOf(item: OutboxItem): ReturnType<OutgoingFiles["ready"]> {
    return this.#outgoing.ready(item, this.#accounts.settingsOf(item.account).mediaMaxMb);
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

  #preparation(filesMs: number): Preparation {
    const { store, clock, log, config, surroundings } = this.deps;
    const { env, home } = surroundings;
    const where = { env, home, records: this.#children };
    return new Preparation({
      ...{ store, clock, log, surroundings, accounts: this.#accounts, folders: this.#folders, filesMs },
      transcriber: () => transcriberOf(config(), where),
    });
  }

  /** Not the turns that a session has to answer which is not attached, nor those that are left to workers (behaviour 21.3). */
  #choice(homes: SessionHomes | undefined): TurnChooser {
    const { waiting } = this.live;
    return {
      now: async () => {
        const held = together(await waiting.now(), this.#leftToWorkers);
        return { held, home: await homes?.now(held?.accounts?.unserved) };
      },
      withEnd: () => {
        if (waiting.isOn() || homes?.isOn()) return false;
        return homes === undefined || { held: together(undefined, this.#leftToWorkers), home: homes.plain };
      },
    };
  }

  get #leftToWorkers(): string[] {
    const { store, config } = this.deps;
    if (!store.errands) return [];
    return resolveAgents(config()).flatMap(({ id, runsOn }) => (runsOn === "workers" ? id : []));
  }
}

function together(held: HeldTurns | undefined, agents: string[]): HeldTurns | undefined {
  if (agents.length === 0) return held;
  return { ...held, agents: [...(held?.agents ?? []), ...agents], free: held?.free ?? [] };
}
