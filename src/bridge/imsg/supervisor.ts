import { type Clock, follow, messageOf } from "../../platform/index.js";
import type { BridgeEvents, BridgeHealth, BridgeState } from "../contract.js";
import { BridgeError } from "../error.js";
import { type BackoffTimes, backoffTimes } from "./backoff.js";
import type { ChildRecord } from "./child-record.js";
import type { ImsgClient } from "./client.js";
import { fault } from "./faults.js";
import { Heartbeat } from "./heartbeat.js";
import { Incidents } from "./incidents.js";
import { type ImsgMethods, sendMs } from "./methods.js";

/** The bridge's waits, milliseconds. */
export interface BridgeTimes extends BackoffTimes {
  /** Silence after which the child is asked for a sign of life; with the next, less than 30 s (behaviour 16.1). */
  heartbeatMs: number;
  /** How long a heartbeat may take to be answered. */
  answerMs: number;
  /**
   * Until a subscribe must be answered; twice as much again passes before the child counts as hung, for a first start
   * may be slow (Contacts, protocol reference 1.1).
   */
  subscribeMs: number;
  /** Between tries to subscribe. */
  subscribeAgainMs: number;
  /** How long a send may take to be answered. */
  sendMs: number;
  /** How long after its time-out a request may still be answered before the child counts as hung. */
  hungMs: number;
  /** How long it may take to find out what the Mac can do. */
  probeMs: number;
}

/** The times of the product. */
export const bridgeTimes: BridgeTimes = {
  ...backoffTimes,
  heartbeatMs: 15_000,
  answerMs: 10_000,
  subscribeMs: 10_000,
  subscribeAgainMs: 1000,
  sendMs,
  hungMs: 10_000,
  probeMs: 10_000,
};

/** Tries to subscribe, and broken subscriptions without health between them, before a child is replaced. */
const triesPerChild = 3;

/** What a child is subscribed to, and from where. */
export interface Subscription {
  /** The last row that is safe, exclusive; asked at each (re)start. */
  resumeFrom(): Promise<number>;
  params: ImsgMethods["watch.subscribe"]["params"];
}

/** What is done with a child. */
export interface ChildCalls {
  /** Starts one. */
  open(): ImsgClient;
  /** Finds out what a new one can do, where it tells; never rejects. */
  greet(client: ImsgClient): Promise<void>;
  /** Asks a silent one for a sign of life; the answer may be an error, a time-out ends the child. */
  beat(client: ImsgClient): Promise<void>;
}

/** What a supervisor keeps alive, and whom it tells. */
export interface SupervisorOptions {
  child: ChildCalls;
  /** Where the running child is written down; without it, a child that an earlier process left behind is not known. */
  record: ChildRecord | undefined;
  subscription: Subscription;
  events: BridgeEvents;
  clock: Clock;
  /** 0 to 1; spreads the pauses between starts. */
  random(): number;
  times: BridgeTimes;
}

/**
 * Keeps one child alive and subscribed (behaviour 1.2). The life of a child is one call of `#live`, which returns why it
 * ended; the loop in `#run` waits and begins the next.
 */
export class Supervisor {
  readonly #incidents: Incidents;
  #state: BridgeState = "stopped";
  #client: ImsgClient | undefined;
  #abort = new AbortController();
  #running: Promise<void> | undefined;
  #startedAt: number | undefined;
  #liveAt: number | undefined;
  #restarts = 0;
  /** Where the subscription that overflowed lost rows. */
  #resumeAfter: number | undefined;

  constructor(private readonly options: SupervisorOptions) {
    this.#incidents = new Incidents(options.times, options.random);
  }

  get state(): BridgeState {
    return this.#state;
  }

  /** The running child. @throws BridgeError `CHILD_DOWN` when there is none */
  get client(): ImsgClient {
    if (this.#client === undefined) throw fault("CHILD_DOWN");
    return this.#client;
  }

  /** What is known of the running child. */
  facts(): Pick<
    BridgeHealth,
    "state" | "pid" | "startedAt" | "liveAt" | "answeredAt" | "waitingSince" | "restarts"
  > {
    const { pid, lastAnswerAt, waitingSince } = this.#client ?? {};
    return {
      state: this.#state,
      restarts: this.#restarts,
      pid,
      startedAt: this.#startedAt,
      liveAt: this.#liveAt,
      answeredAt: lastAnswerAt,
      waitingSince,
    };
  }

  /** Starts a child and keeps one alive until {@link stop}; returns at once. Nothing where it was started before. */
  start(): void {
    if (this.#running !== undefined) return;
    this.#abort = new AbortController();
    this.#running = this.#run(this.#abort.signal);
  }

  /** Ends the child and starts no other; resolves when it is gone. It may be started again. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#client?.close();
    await this.#running;
    this.#running = undefined;
  }

  async #run(signal: AbortSignal): Promise<void> {
    await this.options.record?.settle(signal);
    while (!signal.aborted) {
      const error = await this.#live(signal);
      if (signal.aborted) break;
      const incident = this.#incidents.add(error, this.#healthyMs());
      this.#startedAt = undefined;
      this.#liveAt = undefined;
      this.#restarts += 1;
      this.#become("waiting", incident);
      await this.options.clock.sleep(incident.retryInMs, signal);
    }
    this.#startedAt = undefined;
    this.#liveAt = undefined;
    this.#become("stopped");
  }

  /** One child from start to end. @returns why it ended */
  async #live(signal: AbortSignal): Promise<BridgeError> {
    const { options } = this;
    this.#startedAt = options.clock.now();
    const client = options.child.open();
    this.#client = client;
    this.#become("starting");
    const heartbeat = new Heartbeat(client, options.times.heartbeatMs, options.clock, () =>
      options.child.beat(client),
    );
    try {
      if (client.pid !== undefined) await options.record?.keep(client.pid);
      await options.child.greet(client);
      for (let broken = 1; ; broken += 1) {
        const { ended } = await this.#subscribe(client, signal);
        this.#liveAt = options.clock.now();
        this.#become("live");
        const error = await Promise.race([ended, client.closed]);
        if (client.pid === undefined) return error;
        if (this.#healthyMs() >= options.times.resetMs) broken = 1;
        if (broken >= triesPerChild) return error;
        const incident = this.#incidents.add(error, this.#healthyMs());
        this.#liveAt = undefined;
        this.#become("starting", incident);
        await this.#pause(incident.retryInMs, client, signal);
      }
    } catch (error) {
      if (!(error instanceof BridgeError)) throw error;
      // The child ended while something was asked of it: why, the child knows.
      return error.code === "CHILD_DOWN" ? await client.closed : error;
    } finally {
      heartbeat.stop();
      this.#client = undefined;
      await client.close();
      options.record?.forget();
    }
  }

  /** @returns what settles when the subscription breaks @throws BridgeError when it could not be made */
  async #subscribe(client: ImsgClient, signal: AbortSignal): Promise<{ ended: Promise<BridgeError> }> {
    const { events, times, subscription } = this.options;
    for (let attempt = 1; ; attempt += 1) {
      const since = await this.#resumePoint(client);
      try {
        let end: (error: BridgeError) => void = () => {};
        let isOver = false;
        const over = new Promise<BridgeError>((resolve) => {
          end = resolve;
        });
        const ended = (error: BridgeError, resumeAfter?: number) => {
          isOver = true;
          this.#resumeAfter = resumeAfter;
          end(error);
        };
        const handlers = { row: events.row, malformed: events.malformed, ended };
        const options = { timeoutMs: times.subscribeMs, graceMs: 2 * times.subscribeMs };
        await client.subscribe({ ...subscription.params, since_rowid: since }, handlers, options);
        // It may have ended before its answer was read.
        if (!isOver) this.#resumeAfter = undefined;
        return { ended: over };
      } catch (error) {
        if (!(error instanceof BridgeError && error.retryable) || attempt >= triesPerChild) throw error;
        await this.#pause(times.subscribeAgainMs, client, signal);
      }
    }
  }

  /** @throws BridgeError when it is not known, not valid, or the child ended meanwhile */
  async #resumePoint(client: ImsgClient): Promise<number> {
    let since: number | BridgeError;
    try {
      since = await Promise.race([this.options.subscription.resumeFrom(), client.closed]);
    } catch (error) {
      if (error instanceof BridgeError) throw error;
      throw fault("RESUME_POINT_UNKNOWN", { detail: messageOf(error), cause: error });
    }
    if (typeof since !== "number") throw since;
    if (!Number.isSafeInteger(since) || since === 0 || since < -1)
      throw fault("RESUME_POINT_UNKNOWN", { detail: `${since} is neither positive nor -1` });
    // What an overflow lost may lie before what was journaled (protocol reference 19).
    const lost = this.#resumeAfter;
    return lost !== undefined && lost > 0 ? Math.min(since, lost) : since;
  }

  /** Waits, but not for a child that is gone. */
  async #pause(ms: number, client: ImsgClient, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const unfollow = follow(over, signal);
    await Promise.race([this.options.clock.sleep(ms, over.signal), client.closed]);
    unfollow();
    over.abort();
  }

  #healthyMs(): number {
    return this.#liveAt === undefined ? 0 : this.options.clock.now() - this.#liveAt;
  }

  #become(...change: Parameters<BridgeEvents["state"]>): void {
    this.#state = change[0];
    this.options.events.state(...change);
  }
}
