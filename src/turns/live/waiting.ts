import { type ChannelSessions, servedBy } from "../../agents/index.js";
import type { Config } from "../../config/index.js";
import { isBlank } from "../../outbound/index.js";
import {
  type Clock,
  crashPoint,
  type Log,
  longestWaitMs,
  messageOf,
  type StopTimer,
  WakeLatch,
} from "../../platform/index.js";
import type { HeldTurns, LeftAccounts, Store, Turn } from "../../store/index.js";
import { isAcpSession } from "../routing/session-key.js";
import { type LiveAgent, liveAgents } from "./places.js";

/** Wait before the store is asked again after a failure, milliseconds. */
const retryMs = 1000;

/** What waits in an account for a session that nobody has attached. */
export interface WaitingForSession {
  /** Since when the oldest message waits, milliseconds since the epoch. */
  since: number;
  /** Conversations. */
  chats: number;
  /** It has waited longer than its people are left without a word. */
  isLong: boolean;
}

/** What a turn that waits is judged by. */
export interface WaitingDeps {
  store: Store;
  clock: Clock;
  log: Log;
  config: () => Config;
  sessions: ChannelSessions;
  /** Whether nothing is said in the chat of a turn: an owner's yes is waited for, or somebody writes there by hand. */
  isHushed: (turn: Turn) => Promise<boolean>;
  /** Accounts whose turns are none of this process's; undefined: there are none. */
  left: () => LeftAccounts | undefined;
}

/**
 * Turns of conversations that a running session answers, while none is attached (behaviour 20.4). They stay queued, so they
 * hold no place and no clock runs for them; whoever waits long is told so, once.
 */
export class WaitingTurns {
  #waiting: Turn[] = [];
  #stopTimer: StopTimer = () => {};
  #unwatch = () => {};
  #isOver = false;
  readonly #latch = new WakeLatch(() => this.#look());

  constructor(private readonly deps: WaitingDeps) {}

  /** Begins to look who waits. */
  start(): void {
    this.#isOver = false;
    this.#unwatch = this.deps.store.watch("turns", () => this.wake());
    this.wake();
  }

  /** A session was attached or is gone, or the configuration changed. */
  wake(): void {
    if (!this.#isOver) this.#latch.wake();
  }

  /** Looks no more. */
  async stop(): Promise<void> {
    this.#isOver = true;
    this.#unwatch();
    this.#stopTimer();
    await this.#latch.underWay;
  }

  /** Whether any turn may be left where it is: an agent is answered for by sessions, or other processes run turns too. */
  isOn(): boolean {
    const { served = [], unserved = [] } = this.deps.left() ?? {};
    return this.#agents.length > 0 || served.length > 0 || unserved.length > 0;
  }

  /** The turns that are left where they are now. */
  async now(): Promise<HeldTurns | undefined> {
    if (!this.isOn()) return undefined;
    const accounts = this.deps.left();
    const agents = this.#agents.map(({ id }) => id);
    const heads = await this.#heads(agents, accounts);
    const free = heads.filter((turn) => !this.#waits(turn)).map(({ id }) => id);
    return { agents, free, ...(accounts && { accounts }) };
  }

  /** What waits in an account, as it was last looked; undefined when nothing does. */
  of(account: string): WaitingForSession | undefined {
    const own = this.#waiting.filter((turn) => turn.account === account);
    if (own.length === 0) return undefined;
    const isLong = own.some((turn) => this.#dueAt(turn) <= this.deps.clock.now());
    return { since: Math.min(...own.map(({ queuedAt }) => queuedAt)), chats: own.length, isLong };
  }

  /** Since when a session's next message waits for somebody to answer it. */
  since(sessionKey: string): number | undefined {
    return this.#waiting.find((turn) => turn.sessionKey === sessionKey)?.queuedAt;
  }

  get #agents(): LiveAgent[] {
    return liveAgents(this.deps.config());
  }

  #waits(turn: Turn): boolean {
    return (
      !isAcpSession(turn.sessionKey) && this.deps.sessions.servingSince(servedBy(turn.envelope)) === undefined
    );
  }

  async #heads(agents: readonly string[], left: LeftAccounts | undefined): Promise<Turn[]> {
    return agents.length === 0 ? [] : this.deps.store.turns.heads(agents, left?.unserved);
  }

  async #look(): Promise<void> {
    const { clock, log } = this.deps;
    this.#stopTimer();
    const agents = this.#agents.map(({ id }) => id);
    try {
      const left = this.deps.left();
      const heads = await this.#heads(agents, left);
      this.#waiting = heads.filter((turn) => !left?.served.includes(turn.account) && this.#waits(turn));
      for (const turn of this.#waiting) if (this.#dueAt(turn) <= clock.now()) await this.#tell(turn);
      const next = Math.min(
        ...this.#waiting.map((turn) => this.#dueAt(turn)).filter((at) => at > clock.now()),
      );
      if (Number.isFinite(next)) this.#wakeIn(next - clock.now());
    } catch (error) {
      log.error(`turns that wait for a session cannot be looked at: ${messageOf(error)}`);
      this.#wakeIn(retryMs);
    }
  }

  #wakeIn(ms: number): void {
    if (this.#isOver) return;
    const { clock } = this.deps;
    this.#stopTimer = clock.after(Math.min(ms, longestWaitMs), () => this.wake(), { unref: true });
  }

  #dueAt({ agentId, queuedAt }: Turn): number {
    const afterMs = this.#agents.find(({ id }) => id === agentId)?.waitingAfterMs ?? 0;
    return afterMs === 0 ? Number.POSITIVE_INFINITY : queuedAt + afterMs;
  }

  async #tell(turn: Turn): Promise<void> {
    const { store, clock, log } = this.deps;
    const { id, envelope, target, chatKey, agentId } = turn;
    const text = this.#agents.find((agent) => agent.id === agentId)?.waitingReply ?? "";
    // Nobody waits for what was scheduled or only read along, and a group is not disturbed.
    if (isBlank(text) || envelope.chat.isGroup || envelope.scheduled || envelope.listening) return;
    if (await this.deps.isHushed(turn)) return;
    if (!(await store.turns.sayWaiting(id, { target, chatKey, origin: "turn", text }, clock.now()))) return;
    crashPoint("turn.said-waiting");
    log.warn("a message waits for a session that answers it; attach one with `tapback channel`", {
      turn: id,
      agent: agentId,
      chat: chatKey,
    });
  }
}
