import { type Clock, type StopTimer, sleepOn } from "../../platform/index.js";

interface Timer {
  at: number;
  /** Order of setting: what was set first goes off first, where nothing else chooses. */
  order: number;
  act: () => void;
  /** Milliseconds; undefined of a timer that goes off once. */
  every: number | undefined;
  stopped: boolean;
}

/** How a virtual clock goes. */
export interface VirtualClockOptions {
  /** The time at the beginning, milliseconds since the epoch. */
  start?: number;
  /** Waits until what follows without any time has followed; some turns of the event loop when absent. */
  settle?: () => Promise<void>;
  /** Chooses among timers of one moment. @param count at least 2 @returns from 0 up to it */
  choose?: (count: number) => number;
}

/**
 * Time that moves only when it is told to: from timer to timer, each going off at its own time, and what follows from one has
 * followed before the next goes off.
 */
export class VirtualClock implements Clock {
  readonly #heap: Timer[] = [];
  readonly #settle: () => Promise<void>;
  readonly #choose: (count: number) => number;
  #now: number;
  #order = 0;
  #waiting = 0;

  constructor({
    start = Date.UTC(2026, 4, 9, 6, 14, 2),
    settle = turnsOfLoop,
    choose = () => 0,
  }: VirtualClockOptions = {}) {
    this.#now = start;
    this.#settle = settle;
    this.#choose = choose;
  }

  readonly now = () => this.#now;

  readonly sleep = (ms: number, signal?: AbortSignal) => sleepOn(this, ms, signal);

  readonly after = (ms: number, act: () => void): StopTimer => this.#set(Math.max(0, ms), act);

  readonly every = (ms: number, act: () => void): StopTimer =>
    this.#set(Math.max(1, ms), act, Math.ceil(Math.max(1, ms)));

  /** How many timers wait. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * The time moves on; what falls due meanwhile goes off.
   * @param ms milliseconds
   * @param isEnough ends it before, when it says so after something went off
   */
  async advance(ms: number, isEnough: () => boolean = () => false): Promise<void> {
    const end = this.#now + ms;
    await this.#settle();
    while (!isEnough() && (await this.#step(end)));
    if (!isEnough()) this.#now = Math.max(this.#now, end);
  }

  /**
   * The time moves from timer to timer until a condition holds.
   * @param mostMs the condition has to hold within this time of the clock, milliseconds
   * @returns whether it holds
   */
  async advanceUntil(isSo: () => boolean, mostMs = 24 * 3600_000): Promise<boolean> {
    const end = this.#now + mostMs;
    await this.#settle();
    for (let idle = 0; !isSo(); ) {
      if (await this.#step(end)) continue;
      // What follows from files takes turns of the event loop that no clock counts.
      if (idle++ >= mostIdle) return false;
      await this.#settle();
    }
    return true;
  }

  /** The time moves until something is done. @returns what it came to @throws as it does; when it is not done within a day */
  async through<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const done = () => {
      isDone = true;
    };
    work.then(done, done);
    if (!(await this.advanceUntil(() => isDone))) throw new Error("it is not done after a day of the clock");
    return await work;
  }

  /** The machine sleeps: the time leaps, and all that fell due goes off at once and late. @param ms milliseconds */
  async leap(ms: number): Promise<void> {
    await this.#settle();
    this.#now += ms;
    const due: Timer[] = [];
    for (let next = this.#next(); next !== undefined && next.at <= this.#now; next = this.#next())
      due.push(this.#take(next));
    for (const timer of due) if (!timer.stopped) this.#goOff(timer);
    await this.#settle();
  }

  #set(ms: number, act: () => void, every?: number): StopTimer {
    // As a machine's clock: it tells whole milliseconds, and no timer goes off before its time.
    const timer: Timer = { at: this.#now + Math.ceil(ms), order: this.#order++, act, every, stopped: false };
    this.#waiting++;
    this.#put(timer);
    return () => {
      if (timer.stopped) return;
      timer.stopped = true;
      this.#waiting--;
    };
  }

  /** @returns whether a timer went off */
  async #step(end: number): Promise<boolean> {
    const next = this.#next();
    if (next === undefined || next.at > end) return false;
    this.#now = Math.max(this.#now, next.at);
    this.#goOff(this.#take(this.#chosen(next)));
    await this.#settle();
    return true;
  }

  #goOff(timer: Timer): void {
    if (timer.every === undefined) {
      timer.stopped = true;
      this.#waiting--;
    } else {
      timer.at = Math.max(timer.at, this.#now) + timer.every;
      this.#put(timer);
    }
    timer.act();
  }

  #chosen(first: Timer): Timer {
    // One of the same time would have made its way up to the second row of the heap.
    if (this.#heap[1]?.at !== first.at && this.#heap[2]?.at !== first.at) return first;
    const same = this.#heap.filter((timer) => !timer.stopped && timer.at === first.at);
    if (same.length < 2) return first;
    same.sort((a, b) => a.order - b.order);
    return same[this.#choose(same.length)]!;
  }

  #next(): Timer | undefined {
    while (this.#heap[0]?.stopped) this.#take(this.#heap[0]);
    return this.#heap[0];
  }

  #put(timer: Timer): void {
    const heap = this.#heap;
    heap.push(timer);
    for (let at = heap.length - 1; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (isBefore(heap[parent]!, heap[at]!)) break;
      [heap[parent], heap[at]] = [heap[at]!, heap[parent]!];
      at = parent;
    }
  }

  #take(timer: Timer): Timer {
    const heap = this.#heap;
    let at = heap[0] === timer ? 0 : heap.indexOf(timer);
    const last = heap.pop()!;
    if (last === timer) return timer;
    heap[at] = last;
    for (let parent = (at - 1) >> 1; at > 0 && isBefore(last, heap[parent]!); parent = (at - 1) >> 1) {
      heap[at] = heap[parent]!;
      heap[parent] = last;
      at = parent;
    }
    for (;;) {
      const left = 2 * at + 1;
      if (left >= heap.length) return timer;
      const child = left + 1 < heap.length && isBefore(heap[left + 1]!, heap[left]!) ? left + 1 : left;
      if (isBefore(last, heap[child]!)) return timer;
      heap[at] = heap[child]!;
      heap[child] = last;
      at = child;
    }
  }
}

const mostIdle = 200;

function isBefore(one: Timer, other: Timer): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

/** The store commits in a turn of the event loop of its own. */
async function turnsOfLoop(): Promise<void> {
  for (let turns = 0; turns < 5; turns++) await new Promise((resolve) => setImmediate(resolve));
}
