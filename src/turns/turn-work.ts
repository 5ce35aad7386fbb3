import { filesOfTurn } from "../actions/index.js";
import type { AgentDeps, AgentTurn } from "../agents/index.js";
import {
  type AccountSettings,
  accountDefaults,
  type Config,
  resolveAccount,
  resolveAgent,
} from "../config/index.js";
import type { Envelope, Target } from "../conversation/index.js";
import { OutgoingFiles, outgoingFolder, quietHoursEnd } from "../outbound/index.js";
import type { Clock, ErrorCode, Log } from "../platform/index.js";
import type { OutboxItem, Store, Turn, TurnEnd, TurnOrigin } from "../store/index.js";
import { AgentPool } from "./agents/pool.js";
import { sendTargets } from "./agents/send-targets.js";
import { placeOfTurn } from "./agents/session-agent.js";
import { mediaPlaces } from "./media/places.js";
import { readyMedia } from "./media/ready-media.js";
import type { OpenedTurn } from "./open-turn.js";
import { ownersOf } from "./owners.js";
import { Questions } from "./questions.js";
import { refreshTurn } from "./refresh.js";
import { composeReplies } from "./replies/compose.js";
import { stageReplies } from "./replies/stage.js";
import { threadOf } from "./replies/thread.js";
import type { Composed, ReplyBlock } from "./running/answer.js";
import type { Streaming } from "./running/bubbles.js";
import { type Composing, type Equipment, TurnRunner } from "./running/runner.js";
import { ScheduleClock } from "./schedule.js";
import { historyOf } from "./tools/history.js";
import { McpSessions, type OwnProgram } from "./tools/mcp-sessions.js";
import { toolsFor } from "./tools/tools.js";
import { TurnRights } from "./tools/turn-rights.js";
import type { TurnAccount } from "./turn-account.js";
import { TurnFolders } from "./turn-folders.js";

export interface TurnWorkDeps {
  store: Store;
  node: string;
  clock: Clock;
  log: Log;
  config: () => Config;
  stateDir: string;
  agents: Omit<AgentDeps, "zone">;
  /** How this gateway's own program is started, for the MCP servers of agents; absent: they get none. */
  program: OwnProgram | undefined;
  /** An account at work; undefined when it is stopped or gone. */
  accountOf: (account: string) => TurnAccount | undefined;
  /** Told when a turn ended, after its account. */
  onEnded: (turn: Turn, end: TurnEnd) => void;
}

/** Everything that runs turns: the runner, the agents, and what a turn is given beside its envelope. */
export class TurnWork {
  readonly agents: AgentPool;
  readonly questions: Questions;
  readonly mcp: McpSessions;
  readonly #folders: TurnFolders;
  readonly #outgoing: OutgoingFiles;
  readonly #runner: TurnRunner;
  readonly #schedule: ScheduleClock;

  constructor(private readonly deps: TurnWorkDeps) {
    const { store, clock, log, config, stateDir } = deps;
    const owners = (account: string) => ownersOf(config(), account, store);
    this.agents = new AgentPool(config, store, stateDir, deps.agents);
    this.questions = new Questions({
      store,
      clock,
      log,
      owners,
      timeoutMs: () => config().acp.permissionTimeoutSeconds * 1000,
    });
    this.mcp = new McpSessions(stateDir, deps.program);
    this.#folders = new TurnFolders(stateDir, store);
    this.#outgoing = new OutgoingFiles(stateDir, store, clock);
    this.#schedule = new ScheduleClock({
      store,
      clock,
      log,
      owners,
      lateMs: (account) => this.#settingsOf(account).outbound.ttlMinutes * 60_000,
      quietEnd: (account, at) => {
        const { quietHours } = this.#settingsOf(account).outbound;
        return quietHours === "" ? undefined : quietHoursEnd(quietHours, at);
      },
    });
    this.#runner = this.#makeRunner();
  }

  async start(): Promise<void> {
    const { store, clock } = this.deps;
    await store.questions.abandon(clock.now());
    await this.tidy();
    this.#runner.start();
    this.#schedule.start();
  }

  /** Takes no new turn, and lets those that run finish. @param graceMs milliseconds */
  async stop(graceMs: number): Promise<void> {
    this.#schedule.stop();
    await this.#runner.stop(graceMs);
  }

  /** Ends what runs and what waits in a session. @param from only of this conversation @returns how many turns */
  cancel(sessionKey: string, from?: TurnOrigin): Promise<number> {
    return this.#runner.cancel(sessionKey, from);
  }

  /** Ends what runs for the same chat in the session of a newer turn (queue mode `interrupt`). */
  interrupt(turn: OpenedTurn): void {
    this.#runner.interrupt(turn);
  }

  /** Judges a file of the outbox once more before it goes out. */
  checkFile(item: OutboxItem): Promise<{ code: ErrorCode; message: string } | undefined> {
    return this.#outgoing.check(item, this.#settingsOf(item.account).mediaMaxMb);
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

  #makeRunner(): TurnRunner {
    const { store, node, clock, log, config, accountOf } = this.deps;
    return new TurnRunner({
      store,
      node,
      clock,
      log,
      agent: (turn) => this.agents.lend(placeOfTurn(turn)),
      maxConcurrent: () => config().agents.defaults.maxConcurrent,
      timeoutMs: ({ sessionKey }) => {
        const { timeoutSeconds } = store.bindings.settings(sessionKey);
        return (timeoutSeconds ?? config().agents.defaults.timeoutSeconds) * 1000;
      },
      streaming: (turn) => this.#streamingOf(turn),
      equip: (turn) => this.#equip(turn),
      ask: (turn, request) => this.questions.ask(turn, request),
      compose: (turn, blocks, how) => this.#compose(turn, blocks, how),
      refresh: async (turn, claim) => {
        const bridge = accountOf(turn.account)?.bridge;
        return bridge ? refreshTurn(turn, claim, { bridge, store, clock, log }) : turn.envelope;
      },
      prepare: (turn, signal) => this.#readyMedia(turn, signal),
      onStarted: (turn) => accountOf(turn.account)?.turnStarted(turn),
      onEnded: (turn, end) => {
        accountOf(turn.account)?.turnEnded(turn, end.error);
        void this.#folders.tidy(turn.id).catch(() => {});
        this.deps.onEnded(turn, end);
      },
    });
  }

  /** Makes the files that came with a turn ready for its agent (behaviour 7). */
  async #readyMedia(turn: Turn, signal: AbortSignal): Promise<{ envelope: Envelope; notes: string[] }> {
    const { store, clock, log, accountOf } = this.deps;
    const { env, home } = this.deps.agents;
    const account = accountOf(turn.account);
    if (!account?.bridge) return { envelope: turn.envelope, notes: [] };
    const { bridge, settings } = account;
    const places = mediaPlaces(settings, home, this.#folders.inboxOf(turn.id), env, bridge.files);
    return readyMedia(turn, { store, clock, log, bridge, ...places }, signal);
  }

  async #compose(turn: Turn, blocks: ReplyBlock[], how: Composing): Promise<Composed> {
    const { store, config, accountOf, stateDir, log } = this.deps;
    if (how.failed && accountOf(turn.account)?.isRetried(turn)) return { messages: [], notes: [] };
    const thread = how.continues ? undefined : threadOf(turn, store);
    const settings = this.#settingsOf(turn.account);
    const staged = await stageReplies(blocks, outgoingFolder(stateDir), settings.mediaMaxMb);
    for (const note of staged.notes) log.warn(`a file of an answer is not sent: ${note}`, { turn: turn.id });
    const messages = composeReplies(turn, staged.blocks, how, config(), settings, thread);
    return { messages, notes: staged.notes };
  }

  #equip(turn: Turn): Equipment {
    const { store, clock, stateDir, accountOf } = this.deps;
    const history = historyOf(turn, () => accountOf(turn.account)?.bridge, store);
    const temporaryFolder = this.#folders.pathOf(turn.id);
    const workspace = this.agents.workspaceOf(placeOfTurn(turn));
    const sendable = { envelope: turn.envelope, temporaryFolder };
    const rights = new TurnRights();
    const tools = {
      ...toolsFor(turn, {
        store,
        clock,
        actions: accountOf(turn.account)?.actions,
        files: filesOfTurn(sendable, workspace, stateDir, this.#settingsOf(turn.account).mediaMaxMb),
        sendTo: this.#sendToOf(turn),
        history,
        rights,
      }),
      temporaryFolder,
    };
    const given: AgentTurn = {
      ...tools,
      envelope: turn.envelope,
      attempt: turn.attempt,
      session: undefined,
      now: () => clock.now(),
    };
    const mcp = this.mcp.begin(given);
    return {
      tools: { ...tools, ...(mcp && { mcp }) },
      end: () => {
        rights.end();
        this.mcp.end(given);
        this.questions.endTurn(turn.id);
      },
    };
  }

  #sendToOf({ agentId, account }: Turn): Target[] {
    const agent = resolveAgent(this.deps.config(), agentId);
    return agent ? sendTargets(agent, this.#settingsOf(account).region) : [];
  }

  #streamingOf({ account }: Turn): Streaming {
    const { streaming, maxBubbles } = this.#settingsOf(account);
    return { mode: streaming, maxBubbles };
  }

  /** Settings that hold now; the built-in ones for an account that is gone. */
  #settingsOf(account: string): Omit<AccountSettings, "name"> {
    const { accountOf, config } = this.deps;
    return accountOf(account)?.settings ?? resolveAccount(config(), account) ?? accountDefaults;
  }
}
