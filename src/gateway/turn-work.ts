import type { AgentDeps, AgentTurn } from "../agents/index.js";
import type { Bridge } from "../bridge/index.js";
import { type Account, type Config, resolveAccount } from "../config/index.js";
import type { Clock, Log } from "../platform/index.js";
import type { OutboxItem, Store, Turn, TurnEnd } from "../store/index.js";
import { type Equipment, type Streaming, TurnRunner } from "../turns/index.js";
import { AgentPool } from "./agents/pool.js";
import { placeOfTurn } from "./agents/session.js";
import { checkFile } from "./file-check.js";
import { historyOf } from "./history.js";
import { McpSessions, type OwnProgram } from "./mcp-sessions.js";
import { ownersOf } from "./owners.js";
import { Questions } from "./questions.js";
import { composeReplies } from "./replies.js";
import { ScheduleClock } from "./schedule.js";
import { toolsFor } from "./tools.js";
import { TurnFolders } from "./turn-folders.js";

export interface TurnWorkDeps {
  store: Store;
  node: string;
  clock: Clock;
  log: Log;
  config: () => Config;
  stateDir: string;
  agents: AgentDeps;
  /** How this gateway's own program is started, for the MCP servers of agents; absent: they get none. */
  program: OwnProgram | undefined;
  bridgeOf: (account: string) => Bridge | undefined;
  /** Told when a turn ended. */
  onEnded: (turn: Turn, end: TurnEnd) => void;
}

/** Everything that runs turns: the runner, the agents, and what a turn is given beside its envelope. */
export class TurnWork {
  readonly agents: AgentPool;
  readonly questions: Questions;
  readonly mcp: McpSessions;
  readonly #folders: TurnFolders;
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
    this.#schedule = new ScheduleClock({
      store,
      clock,
      log,
      owners,
      lateMs: (account) => (resolveAccount(config(), account)?.outbound.ttlMinutes ?? 60) * 60_000,
    });
    this.#runner = this.#makeRunner();
  }

  async start(): Promise<void> {
    const { store, clock } = this.deps;
    await store.questions.abandon(clock.now());
    await this.#folders.sweep();
    this.#runner.start();
    this.#schedule.start();
  }

  /** Takes no new turn, and lets those that run finish. @param graceMs milliseconds */
  async stop(graceMs: number): Promise<void> {
    this.#schedule.stop();
    await this.#runner.stop(graceMs);
  }

  /** Ends what runs and what waits in a session. @returns how many turns */
  cancel(sessionKey: string): Promise<number> {
    return this.#runner.cancel(sessionKey);
  }

  /** Judges a file of the outbox once more before it goes out. */
  checkFile(item: OutboxItem): Promise<{ code: string; message: string } | undefined> {
    return checkFile(item, this.deps.store, (turn) => [
      this.agents.workspaceOf(placeOfTurn(turn)),
      this.#folders.pathOf(turn.id),
    ]);
  }

  /** A send ended: the folder that its file came from may be of no use any more. */
  settled({ file, turnId }: OutboxItem): void {
    if (file !== undefined && turnId !== undefined) void this.#folders.tidy(turnId).catch(() => {});
  }

  #makeRunner(): TurnRunner {
    const { store, node, clock, log, config } = this.deps;
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
      compose: async (turn, blocks, how) =>
        composeReplies(turn, blocks, how, config(), this.#settingsOf(turn)),
      onEnded: (turn, end) => {
        void this.#folders.tidy(turn.id).catch(() => {});
        this.deps.onEnded(turn, end);
      },
    });
  }

  #equip(turn: Turn): Equipment {
    const { store, clock, bridgeOf } = this.deps;
    const history = historyOf(turn, () => bridgeOf(turn.account), store);
    const tools = {
      ...toolsFor(turn, store, clock),
      ...(history && { history }),
      mcp: this.mcp.endpoints(turn.sessionKey),
      temporaryFolder: this.#folders.pathOf(turn.id),
    };
    const given: AgentTurn = {
      ...tools,
      envelope: turn.envelope,
      attempt: turn.attempt,
      session: undefined,
      now: () => clock.now(),
    };
    this.mcp.begin(given);
    return {
      tools,
      end: () => {
        this.mcp.end(given);
        this.questions.endTurn(turn.id);
      },
    };
  }

  #streamingOf({ account }: Turn): Streaming {
    const { streaming = "final", maxBubbles = 6 } = resolveAccount(this.deps.config(), account) ?? {};
    return { mode: streaming, maxBubbles };
  }

  #settingsOf({ account }: Turn): Pick<Account, "textChunkLimit" | "chunkMode"> {
    return resolveAccount(this.deps.config(), account) ?? { textChunkLimit: 4000, chunkMode: "length" };
  }
}
