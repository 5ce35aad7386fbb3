import { type Clock, errnoOf, type Log, messageOf, TapbackError } from "../platform/index.js";
import type { Store } from "./store.js";

/** Waits between tries, milliseconds: the first, doubled up to the longest. */
const firstWaitMs = 50;
const longestWaitMs = 1000;
/** Calls that fail now and then are one trouble; it is over when none failed for so long, milliseconds. */
const calmMs = 10_000;

/** So often a call is done in which this program fails, and not the disk: a connection that goes may look like that for a moment. */
const mostFaultyTries = 5;

/** What the store's answers say about the disk; every other code is an answer to the call. */
const diskCodes: ReadonlySet<string> = new Set([
  "STORE_FULL",
  "STORE_UNAVAILABLE",
  "STORE_DAMAGED",
  "STORE_LOST",
]);
/** What SQLite says of a statement that it would refuse again (sqlite.org/rescode.html: 18, 19, 20). */
const refusal = /constraint failed|datatype mismatch|too big/i;
/** The classes of the codes that a server gives such a statement: data, constraints, syntax. */
const refusalCode = /^(22|23|42)\w{3}$/;

export interface RetryingDeps {
  clock: Clock;
  log: Log;
  /** Ends the waits: what fails then rejects. */
  signal: AbortSignal;
}

/** What is wrong with the state database now. */
export interface StoreTrouble {
  /** When a call failed last, milliseconds since the epoch. */
  at: number;
  message: string;
}

/**
 * The store for work that nobody would begin again: a call that the disk refuses, reading or writing, is repeated until it
 * is taken (behaviour 16.1a). Who asks here waits, and never meets a passing fault; a fault of this program is no passing one. Repeating is safe, for a write that failed left nothing behind.
 */
export class RetryingStore {
  /** @throws (rejects) answers of the store, at once; `STORE_UNAVAILABLE` when the waits were ended */
  readonly store: Store;
  #waiting = 0;
  #last: StoreTrouble | undefined;

  /** @param direct the store itself: for people who ask, and are told what is wrong */
  constructor(
    readonly direct: Store,
    private readonly deps: RetryingDeps,
  ) {
    const parts = Object.entries(direct).map(([name, part]) => [
      name,
      typeof part === "object" ? this.#retrying(part) : part,
    ]);
    this.store = Object.fromEntries(parts) as Store;
  }

  /** What is wrong now; undefined when nothing is. */
  get trouble(): StoreTrouble | undefined {
    return this.#waiting > 0 || this.#isFresh() ? this.#last : undefined;
  }

  #retrying<Part extends object>(part: Part): Part {
    return new Proxy(part, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== "function") return member;
        return (...values: unknown[]) => this.#untilTaken(() => member.apply(target, values), String(name));
      },
    });
  }

  async #untilTaken(call: () => Promise<unknown>, name: string): Promise<unknown> {
    for (let tries = 1, wait = firstWaitMs; ; tries++, wait = Math.min(2 * wait, longestWaitMs)) {
      try {
        return await call();
      } catch (error) {
        if (!mayPass(error) || (isOurFault(error) && tries >= mostFaultyTries)) throw error;
        this.#note(error, name);
        if (!(await this.#wait(wait))) throw givenUp(error);
      }
    }
  }

  async #wait(ms: number): Promise<boolean> {
    this.#waiting++;
    try {
      return await this.deps.clock.sleep(ms, this.deps.signal);
    } finally {
      this.#waiting--;
    }
  }

  /** Told once per trouble, however many calls wait. */
  #note(error: unknown, call: string): void {
    const isNews = this.trouble === undefined;
    const message = messageOf(error);
    this.#last = { at: this.deps.clock.now(), message };
    if (isNews)
      this.deps.log.error(`the state database cannot be read or written; what needs it waits: ${message}`, {
        call,
      });
  }

  #isFresh(): boolean {
    return this.#last !== undefined && this.deps.clock.now() - this.#last.at < calmMs;
  }
}

/** Whatever a fault of the disk is called; not what the store answers on purpose, nor what it would answer again. */
function mayPass(error: unknown): boolean {
  if (error instanceof TapbackError) return diskCodes.has(error.code);
  return !refusal.test(messageOf(error)) && !refusalCode.test(errnoOf(error) ?? "");
}

/** What would be met again and again, and hold up its chat for ever. */
function isOurFault(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
}

function givenUp(error: unknown): TapbackError {
  return new TapbackError("STORE_UNAVAILABLE", `the state database cannot be used: ${messageOf(error)}`, {
    retryable: true,
    cause: error,
  });
}
