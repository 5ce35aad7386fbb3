import type { Agent, AgentEvent, MessageTool, ScheduleTool } from "../agents/index.js";
import type { Envelope } from "../conversation/index.js";
import { type Clock, crashPoint, type Log, messageOf, sleep, TapbackError } from "../platform/index.js";
import type { Claim, ClaimedTurn, NewOutboxItem, Store, Turn, TurnEnd } from "../store/index.js";

/** How long an agent may take to stop after it was told to, before its turn is ended without it. */
const stopGraceMs = 5000;
/** A turn that runs longer is named in the log, again and again at this distance. */
const stuckMs = 30_000;
/** Wait before a turn's end that could not be stored is written again. */
const storeRetryMs = 1000;

/** One block of an answer. */
export interface ReplyBlock {
  text: string;
  media?: string[];
}

export interface RunnerDeps {
  store: Store;
  /** Names this process in claims. */
  node: string;
  clock: Clock;
  log: Log;
  agent: (agentId: string) => Promise<Agent>;
  limits: () => { maxConcurrent: number; timeoutMs: number };
  tools: (turn: Turn) => { message: MessageTool; schedule: ScheduleTool };
  /** Turns an answer into what is sent; also the neutral line of a failed turn, when `failed`. */
  compose: (turn: Turn, blocks: ReplyBlock[], failed: boolean) => Promise<NewOutboxItem[]>;
  /**
   * Looks at a turn's messages once more before its agent sees them.
   * @returns the envelope to run with; undefined when there is nothing left to answer: then the turn ends at once
   */
  refresh: (turn: Turn, claim: Claim) => Promise<Envelope | undefined>;
  /** Told before the agent hears of a turn. */
  onStarted: (turn: Turn) => void;
  /** Told when a turn ended; not of one that is given back to be run again. */
  onEnded: (turn: Turn, end: TurnEnd) => void;
}

/** Runs queued turns: one at a time per session, sessions side by side up to the limit. */
export class TurnRunner {
  readonly #running = new Map<string, { sessionKey: string; abort: AbortController; done: Promise<void> }>();
  readonly #graceOver = new AbortController();
  #stopping = false;
  #claiming = false;
  #claimed: Promise<void> = Promise.resolve();
  #again = false;
  #unwatch = () => {};

  constructor(private readonly deps: RunnerDeps) {}

  start(): void {
    this.#unwatch = this.deps.store.watch("turns", () => this.#wake());
    this.#wake();
  }

  /** Number of turns that run now. */
  get running(): number {
    return this.#running.size;
  }

  /** Ends what runs and what waits in a session, without an answer. @returns how many turns */
  async cancel(sessionKey: string): Promise<number> {
    const waiting = await this.deps.store.turns.cancelQueued(sessionKey, this.deps.clock.now());
    const running = [...this.#running.values()].filter((run) => run.sessionKey === sessionKey);
    for (const run of running) run.abort.abort(cancelled);
    return waiting + running.length;
  }

  /**
   * Takes no new turn, lets those that run finish, and gives back what is not finished in time.
   * @param graceMs milliseconds
   */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    this.#unwatch();
    const timer = setTimeout(() => {
      this.#graceOver.abort();
      for (const run of this.#running.values()) run.abort.abort(shutdown);
    }, graceMs);
    // A turn may still be claimed, or begin with the end of the one before it.
    while (this.#claiming || this.#running.size > 0)
      await Promise.all([this.#claimed, ...[...this.#running.values()].map((run) => run.done)]);
    clearTimeout(timer);
    crashPoint("turn.stopped");
  }

  #wake(): void {
    if (this.#stopping) return;
    if (this.#claiming) {
      this.#again = true;
      return;
    }
    const room = this.deps.limits().maxConcurrent - this.#running.size;
    if (room <= 0) return;
    this.#claiming = true;
    this.#claimed = this.deps.store.turns
      .claim(this.deps.node, room, this.deps.clock.now())
      .then((turns) => {
        if (turns.length > 0) crashPoint("turn.claimed");
        for (const turn of turns) this.#begin(turn);
      })
      .catch((error) => {
        this.deps.log.error("turns cannot be taken from the state database", { error: messageOf(error) });
        setTimeout(() => this.#wake(), 1000);
      })
      .finally(() => {
        this.#claiming = false;
        if (this.#again) {
          this.#again = false;
          this.#wake();
        }
      });
  }

  #begin(claimed: ClaimedTurn): void {
    const abort = new AbortController();
    const done = this.#run(claimed, abort)
      .catch((error) => {
        this.deps.log.error("a turn's end could not be stored; it runs again after a restart", {
          turn: claimed.turn.id,
          error: messageOf(error),
        });
        return undefined;
      })
      .then((next) => {
        this.#running.delete(claimed.turn.id);
        if (next) this.#begin(next);
        else this.#wake();
      });
    this.#running.set(claimed.turn.id, { sessionKey: claimed.turn.sessionKey, abort, done });
  }

  /** @returns the next turn, when its claim came with this one's end */
  async #run(claimed: ClaimedTurn, abort: AbortController): Promise<ClaimedTurn | undefined> {
    const { turn, claim } = claimed;
    const { store, compose } = this.deps;
    const timer = setTimeout(
      () => abort.abort(timedOut(turn, this.deps.limits().timeoutMs)),
      this.deps.limits().timeoutMs,
    );
    const stuck = this.#warnWhileRunning(turn);
    const answer: Answer = { blocks: [], notes: [] };
    let end: TurnEnd;
    this.deps.onStarted(turn);
    try {
      const envelope = await this.deps.refresh(turn, claim);
      if (!envelope) throw obsolete;
      await this.#collect({ ...claimed, turn: { ...turn, envelope } }, abort.signal, answer);
      crashPoint("turn.answered");
      end = { outcome: "done", replies: await compose(turn, answer.blocks, false), notes: answer.notes };
      if (answer.session !== undefined) end.session = answer.session;
    } catch (error) {
      if (abort.signal.reason === shutdown) {
        await store.turns.release(claim);
        return undefined;
      }
      if (error === obsolete || abort.signal.reason === cancelled)
        end = { outcome: "cancelled", replies: [], notes: answer.notes };
      else
        end = {
          outcome: "failed",
          replies: await compose(turn, [], true),
          error: {
            code: error instanceof TapbackError ? error.code : "AGENT_FAILED",
            message: messageOf(error),
          },
          notes: answer.notes,
        };
    } finally {
      clearTimeout(timer);
      clearInterval(stuck);
    }
    const next = await this.#store(claim, end);
    crashPoint("turn.ended");
    this.deps.onEnded(turn, end);
    return next;
  }

  /** A full disk must not cost the answer, nor hold up the session for good: the end is kept until it can be written. */
  async #store(claim: Claim, end: TurnEnd): Promise<ClaimedTurn | undefined> {
    const { store, clock, log } = this.deps;
    for (let failures = 0; ; failures++) {
      try {
        return (await store.turns.end(claim, end, clock.now(), !this.#stopping)).next;
      } catch (error) {
        if (!(error instanceof TapbackError)) throw error;
        if (failures === 0)
          log.error(`the end of a turn cannot be stored: ${messageOf(error)}`, { turn: claim.id });
        if (!(await sleep(storeRetryMs, this.#graceOver.signal))) throw error;
      }
    }
  }

  async #collect(claimed: ClaimedTurn, signal: AbortSignal, answer: Answer): Promise<void> {
    const { turn, session } = claimed;
    const agent = await this.deps.agent(turn.agentId);
    const { now } = this.deps.clock;
    const events = agent.run(
      { envelope: turn.envelope, attempt: turn.attempt, session, now, ...this.deps.tools(turn) },
      signal,
    );
    for await (const event of until(signal, events)) take(event, answer);
  }

  #warnWhileRunning(turn: Turn): NodeJS.Timeout {
    const since = this.deps.clock.now();
    const timer = setInterval(() => {
      const seconds = Math.round((this.deps.clock.now() - since) / 1000);
      this.deps.log.warn(`a turn has been running for ${seconds} s`, {
        turn: turn.id,
        session: turn.sessionKey,
        agent: turn.agentId,
      });
    }, stuckMs);
    timer.unref();
    return timer;
  }
}

interface Answer {
  blocks: ReplyBlock[];
  notes: string[];
  session?: unknown;
}

function take(event: AgentEvent, answer: Answer): void {
  if (event.type === "session") answer.session = event.session;
  else if (event.type === "note") answer.notes.push(event.text);
  else if (event.type === "text")
    answer.blocks.push(event.media ? { text: event.text, media: event.media } : { text: event.text });
}

const shutdown = Symbol("shutdown");
const cancelled = Symbol("cancelled");
const obsolete = Symbol("obsolete");

function timedOut(turn: Turn, ms: number): TapbackError {
  return new TapbackError("AGENT_TIMEOUT", `agent ${turn.agentId} did not finish within ${ms / 1000} s`, {
    hint: "Raise agents.defaults.timeoutSeconds, or find out what the agent waits for.",
  });
}

/**
 * Passes events on until the signal aborts: then gives the agent a moment to stop, and goes on without it.
 * @throws the signal's reason, or what the agent threw
 */
async function* until<T>(signal: AbortSignal, events: AsyncIterable<T>): AsyncIterable<T> {
  const iterator = events[Symbol.asyncIterator]();
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => {
      const timer = setTimeout(() => reject(signal.reason), stopGraceMs);
      timer.unref();
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  });
  aborted.catch(() => {});
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (signal.aborted) throw signal.reason;
      if (next.done) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    void iterator.return?.().catch(() => {});
  }
}
