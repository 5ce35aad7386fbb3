import { type Clock, deadline, type StopTimer } from "../../platform/index.js";
import type { BridgeError } from "../error.js";
import { fault } from "./faults.js";
import { Lanes } from "./lanes.js";
import type { Lane } from "./methods.js";
import { rpcError } from "./rpc-error.js";

const mostWaiting = 1024;

/** One request as the connection sees it. */
export interface RequestOptions {
  lane: Lane;
  /** Milliseconds from the moment the request is written. */
  timeoutMs: number;
  /** How much longer its place is kept for a late answer before the child counts as hung, milliseconds. */
  graceMs: number;
  /** Called when the answer came after the time-out. */
  late?(result: unknown): void;
}

interface Job extends RequestOptions {
  id: number;
  line: string;
  resolve(result: unknown): void;
  reject(error: BridgeError): void;
  stopTimer?: StopTimer;
  /** Milliseconds since the epoch. */
  writtenAt?: number;
  /** The caller was told already. */
  overdue: boolean;
}

/** What a connection reports beside answers. */
export interface ConnectionEvents {
  /** A line that answers no request, such as a row of a watch. Must not throw. */
  notification(method: string, params: Record<string, unknown>): void;
  /** The child is beyond hope and has to be replaced. */
  hung(error: BridgeError): void;
  /** An answer came after its time-out. @param isFirst nothing was answered before */
  late(isFirst: boolean): void;
}

/**
 * JSON-RPC over lines, for both generations of imsg (protocol reference 2): requests with time-outs, answers in any
 * order, late and unknown answers ignored. It knows nothing of processes.
 */
export class RpcConnection {
  readonly #written = new Map<number, Job>();
  readonly #lanes: Lanes<Job>;
  #nextId = 1;
  #refusal: BridgeError | undefined;
  #closed = false;
  #lastAnswerAt: number | undefined;

  constructor(
    private readonly write: (line: string) => boolean,
    private readonly events: ConnectionEvents,
    private readonly clock: Clock,
    private readonly mayWrite: () => boolean = () => true,
  ) {
    this.#lanes = new Lanes((job) => this.#start(job));
  }

  /** Whether another request would have to wait for one that is under way: not behind a slow one in another lane. */
  get busy(): boolean {
    return this.#lanes.isSerial && this.#lanes.under + this.#lanes.waiting > 0;
  }

  /** When the child last answered a request, with a result or an error; milliseconds since the epoch. */
  get lastAnswerAt(): number | undefined {
    return this.#lastAnswerAt;
  }

  /** Since when the oldest request that was written waits for its answer; milliseconds since the epoch. */
  get waitingSince(): number | undefined {
    return this.#written.values().next().value?.writtenAt;
  }

  /** The child works in three lanes: learnt from what only 0.14 and later write. */
  widen(): void {
    this.#lanes.widen();
  }

  /**
   * Sends one request.
   * @throws BridgeError of the answer; `REQUEST_TIMEOUT`; `SERVER_BUSY`; the reason of {@link close}
   */
  request(method: string, params: object, options: RequestOptions): Promise<unknown> {
    if (this.#refusal !== undefined)
      return Promise.reject(fault("CHILD_DOWN", { detail: this.#refusal.message }));
    if (this.#lanes.waiting >= mostWaiting) return Promise.reject(fault("SERVER_BUSY"));
    const id = this.#nextId++;
    const line = JSON.stringify({ jsonrpc: "2.0", id, method, params });
    return new Promise((resolve, reject) => {
      this.#lanes.add({ ...options, id, line, resolve, reject, overdue: false });
    });
  }

  /** Takes one line of the child. @returns false when it is not JSON-RPC */
  receive(line: string): boolean {
    let message: unknown;
    try {
      message = JSON.parse(line);
    } catch {
      return false;
    }
    if (typeof message !== "object" || message === null || Array.isArray(message)) return false;
    const { id, method, params, result, error: failure } = message as Record<string, unknown>;
    const error = failure ?? undefined;
    if (typeof method === "string") {
      const isObject = typeof params === "object" && params !== null && !Array.isArray(params);
      this.events.notification(method, isObject ? (params as Record<string, unknown>) : {});
      return true;
    }
    if (result === undefined && error === undefined) return false;
    const isFirst = this.#lastAnswerAt === undefined;
    this.#lastAnswerAt = this.clock.now();
    const job = this.#jobOf(id);
    if (job?.overdue) this.events.late(isFirst);
    if (job !== undefined) this.#settle(job, result, error);
    return true;
  }

  /** Takes no more requests. What was not written is given back at once; answers to the rest are still taken. */
  refuse(reason: BridgeError): void {
    this.#refusal ??= reason;
    for (const job of this.#lanes.drain()) job.reject(fault("CHILD_DOWN", { detail: reason.message }));
  }

  /** The child is gone: what was written and not answered ends with `reason`. */
  close(reason: BridgeError): void {
    if (this.#closed) return;
    this.#closed = true;
    this.refuse(reason);
    for (const job of this.#written.values()) {
      job.stopTimer?.();
      if (!job.overdue) job.reject(reason);
    }
    this.#written.clear();
  }

  #start(job: Job): void {
    // A process that was frozen goes on here: what it was about to do may be another one's by now (behaviour 21.4a).
    if (job.lane === "mutation" && !this.mayWrite()) {
      this.#forget(job);
      job.reject(fault("LEASE_OVER"));
      return;
    }
    job.writtenAt = this.clock.now();
    this.#written.set(job.id, job);
    this.#limit(job, job.timeoutMs, () => this.#timeOut(job));
    if (this.write(job.line)) return;
    this.#forget(job);
    job.reject(fault("CHILD_DOWN"));
  }

  #timeOut(job: Job): void {
    // What changes something may still do so as long as the child lives: its outcome is told when the child answers or
    // is gone, for whoever looked for it before might do it again.
    if (job.lane !== "mutation") {
      job.overdue = true;
      job.reject(fault("REQUEST_TIMEOUT", { detail: `${job.timeoutMs} ms` }));
    }
    // A serial child is still busy with it: what waits behind is not written, for it would time out as well.
    this.#limit(job, job.graceMs, () => this.events.hung(fault("CHILD_HUNG")));
  }

  /** A machine that slept leaves the answer on the pipe: the child is not waited for since then. */
  #limit(job: Job, ms: number, act: () => void): void {
    const onSleep = () => {
      job.writtenAt = this.clock.now();
    };
    job.stopTimer = deadline(this.clock, ms, act, { onSleep });
  }

  /** An answer without a usable id (a line that the child could not read or write) belongs to the only request under way. */
  #jobOf(id: unknown): Job | undefined {
    if (typeof id === "number") return this.#written.get(id);
    if ((id === null || id === undefined) && this.#written.size === 1)
      return this.#written.values().next().value;
    return undefined;
  }

  #settle(job: Job, result: unknown, error: unknown): void {
    this.#forget(job);
    if (job.overdue) {
      if (error === undefined) job.late?.(result);
    } else if (error === undefined) job.resolve(result);
    else {
      const failure = rpcError(error);
      job.reject(failure);
      if (failure.code === "LANE_BLOCKED") this.events.hung(failure);
    }
  }

  #forget(job: Job): void {
    job.stopTimer?.();
    this.#written.delete(job.id);
    this.#lanes.done(job);
  }
}
