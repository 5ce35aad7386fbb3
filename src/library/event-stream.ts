/** An event with how many before it were left out, because nobody took them in time. */
export type Heard<Event> = Event & { missed: number };

/** So many events wait for a reader that is slow; then the oldest are left out. */
const mostWaiting = 1000;

/**
 * What one reader hears, from the moment it began to listen. It never holds up what tells it: a reader that is slow misses the
 * oldest events, and the next one that it takes says how many (behaviour 17.10b).
 */
export class EventStream<Event extends object> implements AsyncIterableIterator<Heard<Event>> {
  #waiting: Event[] = [];
  #missed = 0;
  #takers: ((result: IteratorResult<Heard<Event>>) => void)[] = [];
  #isOver = false;

  /** @param onEnd called once, when nothing more comes */
  constructor(private readonly onEnd: () => void) {}

  /** Something happened. */
  push(event: Event): void {
    if (this.#isOver) return;
    if (this.#waiting.length >= mostWaiting) {
      this.#waiting.shift();
      this.#missed += 1;
    }
    this.#waiting.push(event);
    const taker = this.#takers.shift();
    if (taker) taker(this.#take());
  }

  /** Nothing more comes; what waits is still given out. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const taker of this.#takers) taker({ done: true, value: undefined });
    this.#takers = [];
    this.onEnd();
  }

  /** The next event, as soon as there is one. */
  async next(): Promise<IteratorResult<Heard<Event>>> {
    if (this.#waiting.length > 0 || this.#isOver) return this.#take();
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  /** The reader wants no more: what waits is dropped. */
  async return(): Promise<IteratorResult<Heard<Event>>> {
    this.#waiting = [];
    this.end();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #take(): IteratorResult<Heard<Event>> {
    const event = this.#waiting.shift();
    if (event === undefined) return { done: true, value: undefined };
    const missed = this.#missed;
    this.#missed = 0;
    return { done: false, value: { ...event, missed } };
  }
}
