import { type Clock, type StopTimer, TapbackError } from "../../platform/index.js";

/** A process that serves one session. */
export interface Pooled {
  readonly alive: boolean;
  /** Ends the process; resolves when it is gone. */
  close(): Promise<void>;
}

interface Slot<T> {
  value: T;
  busy: boolean;
  stopIdle?: StopTimer;
}

/**
 * Keeps at most so many processes: each serves one session, stays for the next turn, and is closed when it idles or when
 * another session needs its place. Turns that find no place wait in their order.
 */
export class ProcessPool<T extends Pooled> {
  /** Slots in the order of their last use: the first idle one is the one to close. */
  readonly #slots = new Map<string, Slot<T>>();
  readonly #waiting: (() => void)[] = [];
  #turns = 0;
  #starting = 0;
  #closed = false;

  /** @param idleMs how long an unused process lives on */
  constructor(
    private readonly max: number,
    private readonly idleMs: number,
    private readonly clock: Clock,
  ) {}

  /**
   * Takes the session's process, or starts one. Give it back with {@link release}.
   * @throws what `start` throws, the signal's reason while waiting
   */
  async acquire(key: string, start: () => Promise<T>, signal: AbortSignal): Promise<T> {
    await this.#enter(signal);
    try {
      if (this.#closed) throw new TapbackError("AGENT_CLOSED", "The agent is being shut down");
      const slot = this.#slots.get(key);
      // A busy one belongs to a turn that was given up and did not end: it is of no use to the next.
      if (slot?.value.alive && !slot.busy) {
        slot.stopIdle?.();
        slot.busy = true;
        return slot.value;
      }
      return await this.#start(key, start);
    } catch (error) {
      this.#leave();
      throw error;
    }
  }

  /** Gives a session's process back, once. @param keep false closes it */
  async release(key: string, value: T, keep: boolean): Promise<void> {
    const slot = this.#slots.get(key);
    if (slot?.value === value) {
      slot.busy = false;
      if (!keep || !slot.value.alive) await this.drop(key);
      else this.#rest(key, slot);
    }
    this.#leave();
  }

  /** Closes a session's process, busy or not. */
  async drop(key: string): Promise<void> {
    const slot = this.#slots.get(key);
    if (slot === undefined) return;
    this.#slots.delete(key);
    slot.stopIdle?.();
    await slot.value.close();
  }

  /** Closes everything; turns that wait or come find it closed. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#slots.keys()].map((key) => this.drop(key)));
  }

  /** Everything that runs: session, process, whether a turn uses it. */
  list(): { key: string; value: T; busy: boolean }[] {
    return [...this.#slots].map(([key, { value, busy }]) => ({ key, value, busy }));
  }

  #rest(key: string, slot: Slot<T>): void {
    this.#slots.delete(key);
    this.#slots.set(key, slot);
    slot.stopIdle = this.clock.after(this.idleMs, () => void this.drop(key), { unref: true });
  }

  async #start(key: string, start: () => Promise<T>): Promise<T> {
    this.#starting += 1;
    try {
      await this.drop(key);
      // Turns are at most `max`, so when all places are taken at least one of them is idle.
      while (this.#slots.size + this.#starting > this.max) {
        const idle = [...this.#slots].find(([, slot]) => !slot.busy);
        if (idle === undefined) break;
        await this.drop(idle[0]);
      }
      const value = await start();
      if (this.#closed) await value.close();
      this.#slots.set(key, { value, busy: true });
      return value;
    } finally {
      this.#starting -= 1;
    }
  }

  #enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#turns < this.max) {
      this.#turns += 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const enter = () => {
        signal.removeEventListener("abort", give);
        resolve();
      };
      const give = () => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        reject(signal.reason);
      };
      signal.addEventListener("abort", give, { once: true });
      this.#waiting.push(enter);
    });
  }

  /** The place of a turn that ends goes to the one that has waited longest. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#turns -= 1;
    else next();
  }
}
