import { type Clock, type StopTimer, sleepOn } from "../../src/platform/index.js";

interface Timer {
  at: number;
  act: () => void;
  /** Milliseconds; undefined of a timer that goes off once. */
  every?: number;
}

/**
 * A clock whose time moves only when a test moves it. Timers go off in the order of their times, each at its own time, and
 * what follows from one has settled before the next goes off.
 */
export class FakeClock implements Clock {
  readonly #timers = new Set<Timer>();
  #now: number;

  constructor(now = Date.UTC(2026, 4, 9, 6, 14, 2)) {
    this.#now = now;
  }

  readonly now = () => this.#now;

  readonly sleep = (ms: number, signal?: AbortSignal) => sleepOn(this, ms, signal);

  readonly after = (ms: number, act: () => void): StopTimer =>
    this.#set({ at: this.#now + Math.max(0, ms), act });

  readonly every = (ms: number, act: () => void): StopTimer =>
    this.#set({ at: this.#now + Math.max(1, ms), act, every: Math.max(1, ms) });

  /** How many timers wait. */
  get waiting(): number {
    return this.#timers.size;
  }

  /** The time moves on; what falls due meanwhile goes off. @param ms milliseconds */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settled();
    for (let next = this.#next(end); next; next = this.#next(end)) await this.#goOff(next);
    this.#now = end;
  }

  /**
   * The machine sleeps and wakes up: the time leaps, and all that fell due goes off at once and late, before anything
   * that came from files or processes meanwhile is read, as Node has it.
   * @param ms milliseconds
   */
  async jump(ms: number): Promise<void> {
    await settled();
    this.#now += ms;
    const due = [...this.#timers].filter(({ at }) => at <= this.#now).sort((a, b) => a.at - b.at);
    for (const timer of due) {
      // One that went off before may have stopped it.
      if (!this.#timers.has(timer)) continue;
      if (timer.every === undefined) this.#timers.delete(timer);
      else timer.at = this.#now + timer.every;
      timer.act();
    }
    await settled();
  }

  /**
   * The clock is set, or the machine sleeps where timers stand still meanwhile, as on Linux: the time leaps, and each timer
   * has as long to wait as before.
   * @param ms milliseconds
   */
  leap(ms: number): void {
    this.#now += ms;
    for (const timer of this.#timers) timer.at += ms;
  }

  /**
   * The time moves from timer to timer until a condition holds.
   * @param mostMs the condition has to hold within this time of the clock, milliseconds
   */
  async advanceUntil(isSo: () => boolean | Promise<boolean>, mostMs = 24 * 3600_000): Promise<void> {
    const end = this.#now + mostMs;
    await settled();
    for (let idleSince: number | undefined; !(await isSo()); ) {
      const next = this.#next(end);
      if (next) {
        idleSince = undefined;
        await this.#goOff(next);
        continue;
      }
      idleSince ??= performance.now();
      if (performance.now() - idleSince < mostIdleMs) await settled();
      else throw new Error(`it is not so after ${mostMs} ms, and no timer waits that could make it so`);
    }
  }

  #set(timer: Timer): StopTimer {
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  #next(end: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) if (timer.at <= end && (!next || timer.at < next.at)) next = timer;
    return next;
  }

  async #goOff(timer: Timer): Promise<void> {
    this.#now = timer.at;
    if (timer.every === undefined) this.#timers.delete(timer);
    else timer.at += timer.every;
    timer.act();
    await settled();
  }
}

/** What follows from files or processes takes a time that no fake clock counts, longer on a busy machine; so long it is waited for. */
const mostIdleMs = 3000;

/** What is to follow without waiting has followed. The store commits in a turn of the event loop of its own. */
async function settled(): Promise<void> {
  for (let turns = 0; turns < 5; turns++) await new Promise((resolve) => setImmediate(resolve));
}
