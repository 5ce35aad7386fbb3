import {
  type Clock,
  crashPoint,
  type Log,
  messageOf,
  type StopTimer,
  TapbackError,
  WakeLatch,
} from "../../platform/index.js";
import {
  type Claim,
  type ClaimedTurn,
  type NewOutboxItem,
  type Store,
  sumUsage,
  type Turn,
  type TurnEnd,
  type TurnError,
  type TurnOrigin,
} from "../../store/index.js";
import { type Answer, blockOf, type Composed, note, type ReplyBlock } from "./answer.js";
import { Bubbles } from "./bubbles.js";
import { atLimit, deadly, timedOut } from "./failures.js";
import type { TurnParts, TurnsElsewhere } from "./parts.js";
import { type Pausing, standStill, waitingIn } from "./pausing.js";
import { obsolete, reasons } from "./reasons.js";
import { type Run, Runs } from "./runs.js";
import { SignOfLife } from "./sign-of-life.js";
import { TurnSteering } from "./steering.js";
import { turnErrorOf } from "./turn-error.js";
import { TurnLimit } from "./turn-limit.js";
import { untilAborted } from "./until-aborted.js";

/** A turn that runs longer is named in the log, again and again at this distance. */
const stuckMs = 30_000;
/** A turn whose long answer the process died with so often is not run again: the answer may be what ends it. */
const mostDeaths = 2;
/** A longer answer is marked before it is worked on, UTF-16 code units: one write that ordinary answers do not cost. */
const riskyLength = 20_000;
/** Wait before turns that could not be taken are looked for again. */
const claimRetryMs = 1000;

/** What a runner works with beside the parts of a turn. */
export interface RunnerDeps {
  store: Store;
  /** Names this process in claims. */
  node: string;
  clock: Clock;
  log: Log;
  /** Takes secrets out of a text that is kept for people to read. */
  mask: (text: string) => string;
  /** Absent: no other process has to do with turns. */
  elsewhere?: TurnsElsewhere;
}

/** Runs queued turns: one at a time per session, sessions side by side up to the limit. */
export class TurnRunner {
  readonly #runs: Runs;
  #stopping = false;
  readonly #claiming = new WakeLatch(() => this.#claim());
  readonly #renewing = new WakeLatch(() => this.#renew());
  #unwatch = () => {};

  constructor(
    private readonly deps: RunnerDeps,
    private readonly parts: TurnParts,
  ) {
    this.#runs = new Runs(deps.store);
  }

  /** Begins to take turns that wait, also those of an earlier process. */
  start(): void {
    this.#unwatch = this.deps.store.watch("turns", () => {
      this.wake();
      if (this.deps.elsewhere && this.#runs.size > 0) this.#renewing.wake();
    });
    this.wake();
  }

  /** Looks for turns that can be taken by now. */
  wake(): void {
    if (!this.#stopping) this.#claiming.wake();
  }

  /** Number of turns that run now. */
  get running(): number {
    return this.#runs.size;
  }

  /**
   * Ends what runs and what waits in a session, without an answer.
   * @param from only what came from this conversation; absent: all of the session
   * @returns the turns
   */
  async cancel(sessionKey: string, from?: TurnOrigin): Promise<Turn[]> {
    const at = this.deps.clock.now();
    const waiting = await this.deps.store.turns.cancelQueued(sessionKey, at, from);
    return [...(await this.#runs.cancel(sessionKey, at, from)), ...waiting];
  }

  /** Ends what runs for the same chat in the session of a newer turn, without an answer (queue mode `interrupt`). */
  interrupt(newer: { turnId: string; sessionKey: string; account: string; chat: string }): void {
    this.#runs.interrupt(newer, this.deps.clock.now()).catch((error) => {
      this.deps.log.error(`a turn goes on that a newer message should end: ${messageOf(error)}`, {
        session: newer.sessionKey,
      });
    });
  }

  /** Offers the messages of a newer turn to the one that runs in its session (queue mode `steer`). */
  steer(newer: { turnId: string; sessionKey: string }): void {
    this.#runs.steer(newer);
  }

  /**
   * Takes no new turn, lets those that run finish, and gives back what is not finished in time.
   * @param graceMs milliseconds
   */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    this.#unwatch();
    const stopTimer = this.deps.clock.after(graceMs, () => this.#runs.giveBack());
    // A turn may still be claimed, or begin with the end of the one before it.
    while (this.#claiming.underWay || this.#runs.size > 0)
      await Promise.all([this.#claiming.underWay, this.#runs.done]);
    stopTimer();
    crashPoint("turn.stopped");
  }

  async #claim(): Promise<void> {
    const { store, node, clock, log } = this.deps;
    const { limits } = this.parts;
    const room = limits.maxConcurrent() - this.#runs.size;
    if (this.#stopping || room <= 0) return;
    try {
      const turns = await store.turns.claim(node, room, clock.now(), await limits.choice?.now());
      if (turns.length > 0) crashPoint("turn.claimed");
      for (const turn of turns) this.#begin(turn);
    } catch (error) {
      log.error("turns cannot be taken from the state database", { error: messageOf(error) });
      clock.after(claimRetryMs, () => this.wake());
    }
  }

  /** Something happened to turns, perhaps to those that run here. */
  async #renew(): Promise<void> {
    try {
      await this.deps.elsewhere?.look(await this.#runs.renew());
    } catch (error) {
      this.deps.log.warn(`it cannot be seen what became of turns that run: ${messageOf(error)}`);
    }
  }

  #begin(claimed: ClaimedTurn): void {
    const run = this.#runOf(claimed);
    const done = this.#run(claimed, run)
      .catch((error) => {
        this.deps.log.error("a turn's end could not be stored; it runs again after a restart", {
          turn: claimed.turn.id,
          error: messageOf(error),
        });
        return undefined;
      })
      .then((next) => {
        this.#runs.remove(claimed.turn.id);
        if (next) this.#begin(next);
        else this.wake();
      });
    this.#runs.add(run, done);
  }

  #runOf({ turn, claim }: ClaimedTurn): Run {
    const abort = new AbortController();
    const answer: Answer = { blocks: [], notes: [], usage: [], wasAsked: false };
    const note = (text: string) => answer.notes.push(text);
    const deps = { ...this.deps, signal: abort.signal, note };
    const steering = new TurnSteering(claim, turn.sessionKey, this.parts.steering, deps);
    return { turn, claim, abort, answer, steering };
  }

  /** @returns the next turn, when its claim came with this one's end */
  async #run(claimed: ClaimedTurn, run: Run): Promise<ClaimedTurn | undefined> {
    const { turn, claim } = claimed;
    const { abort, answer, steering } = run;
    const { store, clock } = this.deps;
    const { composer, limits, listener, preparation } = this.parts;
    // What was ended before counts for nobody, and needs nobody's leave.
    if (!claimed.isCancelled && (await limits.admit(turn, claim)) !== "runs") return undefined;
    let limit: TurnLimit | undefined;
    let sign: SignOfLife | undefined;
    const stopWarning = this.#warnWhileRunning(turn);
    let readied = turn;
    const composeAnswer = async (blocks: ReplyBlock[], sent: number): Promise<Composed> => {
      if (blocks.some(({ text }) => text.length > riskyLength)) {
        await store.turns.markAtRisk(claim);
        crashPoint("turn.at-risk");
      }
      return composer.compose(readied, blocks, { failed: false, sent, signal: abort.signal });
    };
    let bubbles: Bubbles | undefined;
    let end: TurnEnd;
    try {
      listener.started(turn);
      if (claimed.isCancelled) abort.abort(reasons.cancelled);
      abort.signal.throwIfAborted();
      if (turn.deaths >= mostDeaths) throw deadly(turn);
      await this.deps.elsewhere?.begins(turn);
      sign = new SignOfLife(claimed, this.parts.signs, this.deps);
      const timeoutMs = await limits.timeoutMs(turn);
      limit = new TurnLimit(timeoutMs, () => abort.abort(timedOut(turn, timeoutMs)), clock);
      const shown = await preparation.refresh(turn, claim);
      if (!shown) throw obsolete;
      const told = { ...shown, notes: [...shown.notes, ...claimed.told, ...composer.notesFor(turn)] };
      const { envelope, notes } = await preparation.ready({ ...turn, envelope: told }, abort.signal);
      answer.notes.push(...notes.map(this.deps.mask));
      readied = { ...turn, envelope };
      const keep = composer.keep.bind(composer, readied);
      bubbles = new Bubbles(claimed, composer.streaming(readied), composeAnswer, { ...this.deps, keep });
      const running = { ...claimed, turn: readied };
      await this.#collect(running, abort.signal, {
        answer,
        bubbles,
        steering,
        limit,
        pausing: [limit, sign],
      });
      if (await this.#endedAtLimit(turn, answer, bubbles.sent)) throw atLimit(turn, answer.limit!);
      crashPoint("turn.answered");
      const composed = await composeAnswer(answer.blocks, bubbles.sent);
      answer.notes.push(...composed.notes.map(this.deps.mask));
      // Stopped meanwhile: what would be stored now nobody would stop any more.
      if (abort.signal.reason === reasons.cancelled) throw reasons.cancelled;
      end = { outcome: "done", replies: composed.messages, firstOrdinal: bubbles.sent };
      if (claimed.told.length > 0) end.told = claimed.told;
      if (composed.tellNext !== undefined) end.tellNext = composed.tellNext;
      if (answer.session !== undefined) end.session = answer.session;
    } catch (error) {
      if (abort.signal.reason === reasons.lost) {
        listener.waitsAgain?.(turn);
        return undefined;
      }
      if (abort.signal.reason === reasons.shutdown || (this.#stopping && isStoreGone(error))) {
        await store.turns.release(claim);
        return undefined;
      }
      if (error instanceof TapbackError && error.code === "AGENT_DETACHED") {
        listener.waitsAgain?.(turn);
        await store.turns.release(claim);
        return undefined;
      }
      if (error === obsolete || abort.signal.reason === reasons.cancelled)
        end = { outcome: "cancelled", replies: [] };
      else {
        const why = turnErrorOf(error, this.deps.mask);
        const replies = await this.#apology(turn, bubbles?.sent ?? 0, why);
        const firstOrdinal = bubbles?.free ?? claimed.emitted;
        end = { outcome: "failed", replies, firstOrdinal, error: why };
        // What the agent did before it failed is done; a cancelled session may have been reset meanwhile.
        if (answer.session !== undefined) end.session = answer.session;
      }
    } finally {
      limit?.end();
      sign?.end();
      stopWarning();
    }
    end.notes = answer.notes;
    // What was not told is unknown, unless no agent was asked: by this process, or by one before it.
    const isFree = !answer.wasAsked && turn.attempt === 1;
    if (isFree || answer.usage.length > 0) end.usage = sumUsage(answer.usage);
    end = await this.#held(turn, end);
    const next = await this.#store(claim, end);
    crashPoint("turn.ended");
    listener.ended(turn, end);
    return next;
  }

  /** Whether the agent came to a limit of its own before it said or did anything (behaviour 6.2). */
  async #endedAtLimit({ id }: Turn, { limit, blocks }: Answer, sent: number): Promise<boolean> {
    if (limit === undefined || blocks.length > 0 || sent > 0) return false;
    const acts = await this.deps.store.actions.ofTurn(id);
    return acts.every(({ state }) => state === "failed");
  }

  /** What the sender of a failed turn reads; nothing, where not even that can be made: the turn ends all the same. */
  async #apology(turn: Turn, sent: number, error: TurnError): Promise<NewOutboxItem[]> {
    try {
      return (await this.parts.composer.compose(turn, [], { failed: true, error, sent })).messages;
    } catch (error) {
      this.deps.log.error(`nobody is told of a failed turn: ${messageOf(error)}`, { turn: turn.id });
      return [];
    }
  }

  /** What cannot be held is not sent: the turn ends without its answer then. */
  async #held(turn: Turn, end: TurnEnd): Promise<TurnEnd> {
    try {
      return await this.parts.composer.hold(turn, end);
    } catch (error) {
      if (isStoreGone(error)) throw error;
      this.deps.log.error(`the answer of a turn cannot be held as a draft: ${messageOf(error)}`, {
        turn: turn.id,
      });
      return { ...end, outcome: "failed", replies: [], error: turnErrorOf(error, this.deps.mask) };
    }
  }

  /** An end that the store refuses must not hold up the session for good: the turn then ends without its answer. */
  async #store(claim: Claim, end: TurnEnd): Promise<ClaimedTurn | undefined> {
    const { store, clock, log } = this.deps;
    const takesNext = !this.#stopping && (this.parts.limits.choice?.withEnd() ?? true);
    const write = async (what: TurnEnd) => (await store.turns.end(claim, what, clock.now(), takesNext)).next;
    try {
      return await write(end);
    } catch (error) {
      if (isStoreGone(error)) throw error;
      log.error(`the answer of a turn cannot be stored: ${messageOf(error)}`, { turn: claim.id });
      return write({ outcome: "failed", replies: [], error: turnErrorOf(error, this.deps.mask) });
    }
  }

  async #collect(
    claimed: ClaimedTurn,
    signal: AbortSignal,
    { answer, bubbles, steering, limit, pausing }: Collecting,
  ): Promise<void> {
    const { turn, session } = claimed;
    const { clock, mask } = this.deps;
    const { agents, equipment } = this.parts;
    const { agent, giveBack } = await agents.lend(turn, claimed.moved);
    const equipped = equipment.equip(turn, () => standStill(pausing));
    // What the agent has of its turn is over at once, however long it takes to stop (behaviour 21.3).
    signal.addEventListener("abort", equipped.end);
    if (!agent.canSteer) steering.listen();
    let goOn = () => {};
    try {
      // What was stopped while it was made ready never reaches the agent.
      signal.throwIfAborted();
      const { envelope, attempt } = turn;
      const given = { envelope, attempt, session, steering, now: () => clock.now() };
      answer.wasAsked = true;
      const events = agent.run({ ...given, ...equipped.tools }, signal);
      for await (const event of untilAborted(signal, events, clock)) {
        const block = blockOf(event);
        if (block) await bubbles.take(block, answer, signal);
        else if (event.type === "permission") equipped.ask(waitingIn(pausing, event));
        else if (event.type === "answered") goOn = limit.wait();
        else note(event, answer, mask);
      }
    } finally {
      goOn();
      steering.end();
      signal.removeEventListener("abort", equipped.end);
      equipped.end();
      giveBack();
    }
  }

  #warnWhileRunning(turn: Turn): StopTimer {
    const { clock, log } = this.deps;
    const since = clock.now();
    const warn = () => {
      const seconds = Math.round((clock.now() - since) / 1000);
      log.warn(`a turn has been running for ${seconds} s`, {
        turn: turn.id,
        session: turn.sessionKey,
        agent: turn.agentId,
      });
    };
    return clock.every(stuckMs, warn, { unref: true });
  }
}

/** What the events of an agent go into, and what goes to the agent meanwhile. */
interface Collecting {
  answer: Answer;
  bubbles: Bubbles;
  steering: TurnSteering;
  limit: TurnLimit;
  pausing: Pausing[];
}

/** The store gave up waiting for its disk, because the gateway stops. */
function isStoreGone(error: unknown): boolean {
  return error instanceof TapbackError && error.code === "STORE_UNAVAILABLE";
}
