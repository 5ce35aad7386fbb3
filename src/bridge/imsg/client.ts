import { type Clock, systemClock } from "../../platform/index.js";
import type { BridgeError } from "../error.js";
import type { ImsgCommand } from "./command.js";
import { RpcConnection } from "./connection.js";
import { fault } from "./faults.js";
import { type ImsgMethods, type MethodName, methodFacts, timeoutOf } from "./methods.js";
import { RpcProcess } from "./rpc-process.js";
import { Subscriptions, type WatchEvents } from "./subscriptions.js";

/** What a client may be told beside how to start imsg. */
export interface ImsgClientOptions {
  /** Takes each line of the child's stderr, redacted and bounded. */
  log?(line: string): void;
  /** Takes each line that is said to imsg, or by it, as it is. Must not throw. */
  heard?(line: string, to: "imsg" | "gateway"): void;
  /** A line of stdout was not JSON-RPC, or too long; it was left out. */
  garbage?(): void;
  /** Takes rows of subscriptions that were cancelled or never confirmed; by default they are left out. */
  stray?: Pick<WatchEvents, "row" | "malformed">;
  /** Default: the machine's. */
  clock?: Clock;
  /** For requests that are given no time-out of their own, by method; milliseconds. */
  timeoutMs?(method: MethodName): number | undefined;
  /** How long after its time-out a request may still be answered before the child counts as hung; default 10 s. */
  graceMs?: number;
}

/** Time-outs of one request, milliseconds. */
export interface CallOptions {
  timeoutMs?: number;
  graceMs?: number;
}

/**
 * A typed client of one `imsg rpc` child, for 0.9 (lenient, serial) to 0.14 and later (strict, three lanes).
 *
 * Which generation answers is learnt from what it writes, at no cost: only 0.14 gives `protocol_version` in the answers to
 * `initialize` and `status`, and `buffer_limit` in that to `watch.subscribe`. Until then it is taken for serial, which is right
 * for all. A `--version` call would cost a process (over SSH a connection).
 */
export class ImsgClient {
  /** Settles when the child is gone, with the reason; never rejects. */
  readonly closed: Promise<BridgeError>;
  readonly #process: RpcProcess;
  readonly #connection: RpcConnection;
  readonly #subscriptions: Subscriptions;
  #closing = false;

  /** Starts the child. That it could not be started shows in {@link closed} and in every call. */
  constructor(
    command: ImsgCommand,
    private readonly options: ImsgClientOptions = {},
  ) {
    const clock = options.clock ?? systemClock;
    this.#subscriptions = new Subscriptions(options.stray ?? { row: () => {}, malformed: () => {} });
    this.#connection = new RpcConnection(
      (line) => {
        options.heard?.(line, "imsg");
        return this.#process.write(line);
      },
      {
        notification: (method, params) => this.#subscriptions.take(method, params),
        hung: (error) => void this.close(error),
        // All at once when its stdin was closed: the answers were there, and something held them back.
        late: (isFirst) => {
          if (isFirst && this.#closing) this.#process.explain(fault("WRAPPER_BUFFERS"));
        },
      },
      clock,
      command.mayWrite,
    );
    let markClosed: (error: BridgeError) => void = () => {};
    this.closed = new Promise((resolve) => {
      markClosed = resolve;
    });
    this.#process = new RpcProcess(
      command,
      {
        line: (line) => {
          options.heard?.(line, "gateway");
          const known = this.#connection.receive(line);
          if (!known) options.garbage?.();
          return known;
        },
        oversized: () => options.garbage?.(),
        log: (line) => options.log?.(line),
        end: (error) => {
          this.#connection.close(error);
          markClosed(error);
        },
      },
      clock,
    );
  }

  /** Process id of the child; undefined when it never started or is gone. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Whether another request would have to wait for one that is under way. */
  get busy(): boolean {
    return this.#connection.busy;
  }

  /** When the child last answered a request; milliseconds since the epoch. */
  get lastAnswerAt(): number | undefined {
    return this.#connection.lastAnswerAt;
  }

  /** Since when its oldest request waits for an answer; milliseconds since the epoch. */
  get waitingSince(): number | undefined {
    return this.#connection.waitingSince;
  }

  /**
   * Calls a method. The result is imsg's own: its fields are typed as the protocol has them, not checked.
   * @throws BridgeError
   */
  call<M extends MethodName>(
    method: M,
    params: ImsgMethods[M]["params"],
    options: CallOptions = {},
  ): Promise<ImsgMethods[M]["result"]> {
    return this.#request(method, params, options) as Promise<ImsgMethods[M]["result"]>;
  }

  /**
   * Subscribes to new rows.
   * @param params `since_rowid` should always be given and never be 0, which means "from now" (protocol reference 12, row 2)
   * @returns the subscription's id, for {@link unsubscribe}
   * @throws BridgeError
   */
  async subscribe(
    params: ImsgMethods["watch.subscribe"]["params"],
    events: WatchEvents,
    options: CallOptions = {},
  ): Promise<number> {
    this.#subscriptions.expect();
    try {
      const late = (result: unknown) => void this.#cancelLate(result);
      const result = await this.#request("watch.subscribe", params, { ...options, late });
      const id = subscriptionOf(result);
      if (id === undefined) throw fault("PROTOCOL", { detail: "subscribe was answered without an id" });
      this.#subscriptions.watch(id, events);
      return id;
    } finally {
      this.#subscriptions.settle();
    }
  }

  /**
   * Hears what the helper in Messages tells, until that ends.
   * @param take takes each event as it came
   * @throws BridgeError where it cannot be had
   */
  async hear(take: (event: unknown) => void): Promise<void> {
    this.#subscriptions.expect();
    let over: Promise<void>;
    try {
      const result = await this.#request("bridge.events.subscribe", {}, {});
      const id = subscriptionOf(result);
      if (id === undefined) throw fault("PROTOCOL", { detail: "subscribe was answered without an id" });
      over = this.#subscriptions.events(id, take);
    } finally {
      this.#subscriptions.settle();
    }
    await Promise.race([over, this.closed]);
  }

  /** Cancels a subscription. Rows that still come are stray. @throws BridgeError */
  async unsubscribe(id: number): Promise<void> {
    this.#subscriptions.forget(id);
    await this.call("watch.unsubscribe", { subscription: id });
  }

  /**
   * Ends the child: answers are taken for another 500 ms, then SIGTERM, then SIGKILL (protocol reference 1.1).
   * @param reason what {@link closed} and unanswered requests then say
   */
  async close(reason: BridgeError = fault("BRIDGE_STOPPED")): Promise<void> {
    this.#closing = true;
    this.#connection.refuse(reason);
    await this.#process.close(reason);
  }

  async #request(
    method: MethodName,
    params: object,
    options: CallOptions & { late?(result: unknown): void },
  ): Promise<unknown> {
    const result = await this.#connection.request(method, params, {
      lane: methodFacts(method).lane,
      timeoutMs: options.timeoutMs ?? this.options.timeoutMs?.(method) ?? timeoutOf(method, params),
      graceMs: options.graceMs ?? this.options.graceMs ?? 10_000,
      late: options.late,
    });
    if (isOfNewGeneration(result)) this.#connection.widen();
    return result;
  }

  /** A subscription whose answer came too late would report every row twice. */
  async #cancelLate(result: unknown): Promise<void> {
    const id = subscriptionOf(result);
    if (id !== undefined) await this.unsubscribe(id).catch(() => {});
  }
}

function subscriptionOf(result: unknown): number | undefined {
  const id = (result as { subscription?: unknown } | null)?.subscription;
  return typeof id === "number" ? id : undefined;
}

function isOfNewGeneration(result: unknown): boolean {
  const { subscription, buffer_limit, protocol_version } = (result ?? {}) as Record<string, unknown>;
  return typeof protocol_version === "number" || (subscription !== undefined && buffer_limit !== undefined);
}
