import type { ChannelSessions, ChildRecords } from "../agents/index.js";
import { type Config, resolveAgents } from "../config/index.js";
import { FilesInStore, type OwnerNotices, turnNotice } from "../outbound/index.js";
import { type Clock, type Log, messageOf, type Surroundings, secretMask } from "../platform/index.js";
import type { Store, Turn, TurnEnd, TurnError } from "../store/index.js";
import type { TurnAccounts } from "./accounts.js";
import { AgentPool, type MakeAgent } from "./agents/pool.js";
import { placeOfTurn } from "./agents/session-agent.js";
import { Drafts } from "./drafts/drafts.js";
import { ToolEquipment } from "./equipment.js";
import { CarryingComposer } from "./macs/carrying-composer.js";
import type { TurnMacs } from "./macs/macs.js";
import { ownersOf } from "./owners.js";
import { TurnAllowance } from "./people/turn-allowance.js";
import { Questions } from "./questions/ask.js";
import { AnswerComposer, isOwnersOwn } from "./replies/composer.js";
import { signOf } from "./replies/sign.js";
import { Elsewhere } from "./running/elsewhere.js";
import { homeOf, SessionHomes } from "./running/homes.js";
import type { TurnChooser, TurnParts } from "./running/parts.js";
import { TurnRunner } from "./running/runner.js";
import { McpSessions, type OwnProgram } from "./tools/mcp-sessions.js";
import type { TurnFolders } from "./turn-folders.js";
import { Mirror } from "./voice/mirror.js";

/** What every process runs turns with. */
export interface EngineDeps {
  store: Store;
  clock: Clock;
  log: Log;
  config: () => Config;
  surroundings: Surroundings;
  /** How this process's own program is started, for the MCP servers of agents; absent: they get none. */
  program: (() => OwnProgram) | undefined;
  notices: OwnerNotices;
}

/** What turns are run with beside, as their accounts are at work in this process or not. */
export interface EngineParts {
  accounts: TurnAccounts;
  macs: TurnMacs;
  folders: TurnFolders;
  children: ChildRecords;
  /** Running sessions that answer; absent: there are none. */
  channels?: ChannelSessions;
  /** Which turns are taken. @param homes where sessions ran, on a store that several processes share */
  choice: (homes: SessionHomes | undefined) => TurnChooser;
  /** Told of the end of a turn. */
  ended?: (turn: Turn, end: TurnEnd) => void;
}

/** What runs turns, whether their accounts are at work in this process or not. */
export class TurnEngine {
  readonly agents: AgentPool;
  readonly questions: Questions;
  readonly mcp: McpSessions;
  readonly drafts: Drafts;
  readonly runner: TurnRunner;
  /** Where sessions ran; undefined where one process has the state to itself. */
  readonly homes: SessionHomes | undefined;
  readonly #files: FilesInStore | undefined;
  #unwatch = () => {};

  /** @param makeAgent makes the agents; the runtimes of the product when absent */
  constructor(
    private readonly deps: EngineDeps,
    private readonly parts: EngineParts,
    makeAgent?: MakeAgent,
  ) {
    const { store, clock, log, config, surroundings } = deps;
    const { accounts, children, channels } = parts;
    const { env, home, random, stateDir } = surroundings;
    const owners = (account: string) => ownersOf(config(), account, store);
    const agentDeps = { env, home, clock, random, records: children, ...(channels && { channels }) };
    this.agents = new AgentPool(config, store, stateDir, agentDeps, makeAgent);
    this.questions = new Questions({
      ...{ store, clock, log, owners },
      hasPolls: (account) => accounts.can(account, "poll"),
      timeoutMs: () => config().acp.permissionTimeoutSeconds * 1000,
    });
    this.mcp = new McpSessions(stateDir, deps.program);
    this.drafts = new Drafts({ store, clock, log, config, accounts, owners });
    this.#files = store.blobs && new FilesInStore(store.blobs, clock);
    this.homes =
      store.errands &&
      new SessionHomes({
        ...{ store, clock, name: homeOf(stateDir) },
        agents: () =>
          resolveAgents(config()).flatMap(({ id, runtime }) => (runtime.type === "acp" ? id : [])),
        wake: () => this.runner.wake(),
      });
    const { node, secrets } = surroundings;
    const masked = { secret: secrets };
    const mask = secretMask(() => [env, masked, config()]);
    const own = { store, node, clock, log, mask, ...(store.errands && { elsewhere: this.#elsewhere() }) };
    this.runner = new TurnRunner(own, this.#runnerParts());
  }

  /** Begins to run turns. */
  start(): void {
    const { store } = this.deps;
    if (store.errands)
      this.#unwatch = store.watch("questions", () => void this.questions.open.look().catch(() => {}));
    this.runner.start();
  }

  /** Takes no new turn, and lets those that run finish. @param graceMs milliseconds */
  async stop(graceMs: number): Promise<void> {
    this.homes?.stop();
    await this.runner.stop(graceMs);
    this.#unwatch();
  }

  /** A turn was queued for a session: whoever wrote is told where it waits, or it is offered to what runs (behaviour 5.4a, 6.5). */
  async queued(turn: { turnId: string; sessionKey: string }, queueMode: string): Promise<void> {
    const isAsked = await this.questions.tellWaiting(turn.turnId, turn.sessionKey);
    if (!isAsked && queueMode === "steer") this.runner.steer(turn);
  }

  /** Whether somebody of the account writes by hand in the chat of a turn (behaviour 10.4). */
  async isHushed({ account, envelope: { chat } }: Turn): Promise<boolean> {
    const { store, clock } = this.deps;
    const { accounts } = this.parts;
    const quietMs = accounts.settingsOf(account).handoff.quietMinutes * 60_000;
    if (quietMs === 0 || chat.chatId <= 0) return false;
    const byHand = await store.journal.lastByHand(account, chat.chatId);
    return byHand !== undefined && clock.now() - accounts.writtenAt(account, byHand) < quietMs;
  }

  #runnerParts(): TurnParts {
    const { store, clock, log, config, surroundings } = this.deps;
    const { env, home, stateDir } = surroundings;
    const { accounts, macs, folders, children, choice } = this.parts;
    const { agents, drafts, mcp, questions } = this;
    const owners = (account: string) => ownersOf(config(), account, store);
    const allowance = new TurnAllowance({ store, clock, log, accounts, owners });
    const where = { env, home, records: children };
    const mirror = new Mirror({ config, where, stateDir, accounts, folders, log });
    const tools = { store, clock, stateDir, accounts, agents, mcp, questions, folders };
    const composer = new AnswerComposer({ store, log, config, folders, accounts, drafts, mirror, macs });
    return {
      limits: {
        maxConcurrent: () => config().agents.defaults.maxConcurrent,
        timeoutMs: async ({ sessionKey }) => {
          const { timeoutSeconds } = await store.bindings.settings(sessionKey);
          return (timeoutSeconds ?? config().agents.defaults.timeoutSeconds) * 1000;
        },
        admit: (turn, claim) => allowance.admit(turn, claim),
        choice: choice(this.homes),
      },
      preparation: macs.preparation,
      agents: { lend: (turn, moved) => agents.lend(placeOfTurn(turn), moved) },
      equipment: new ToolEquipment(tools, macs, drafts),
      composer: this.#files ? new CarryingComposer(composer, this.#files) : composer,
      signs: {
        // Nothing is sent without a yes, this line neither.
        of: (turn) => (drafts.holdsAnswerOf(turn) ? undefined : signOf(turn, config().messages)),
        isNeedless: async (turn) => (await macs.showsBubble(turn)) || (await this.isHushed(turn)),
      },
      steering: {
        isOn: () => config().messages.queue.mode === "steer",
        isAsWritten: (waiting) => macs.preparation.isAsWritten(waiting),
      },
      listener: {
        started: (turn) => macs.started(turn),
        ended: (turn, end) => this.#ended(turn, end),
        waitsAgain: (turn) => macs.waitsAgain(turn),
      },
    };
  }

  #elsewhere(): Elsewhere {
    const { store, clock, log, config } = this.deps;
    return new Elsewhere({
      ...{ store, clock, log },
      hears: (account) => this.parts.accounts.of(account) !== undefined,
      queued: ({ id: turnId, sessionKey }) =>
        this.queued({ turnId, sessionKey }, config().messages.queue.mode),
    });
  }

  #ended(turn: Turn, end: TurnEnd): void {
    const { macs, folders, ended } = this.parts;
    macs.ended(turn, end);
    ended?.(turn, end);
    void folders.tidy(turn.id).catch(() => {});
    void this.#files?.turnEnded(turn.id).catch(() => {});
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
