import { type Clock, deadline, freshMs, type StopTimer } from "../../platform/index.js";

/** The time limit of a turn; it stands still while the turn waits for a person's answer, and while its session is put in order after its own (behaviour 6.2). */
export class TurnLimit {
  #left: number;
  #since = 0;
  #stop: StopTimer | undefined;
  #waiting = 0;
  #isOver = false;

  /** Begins to count. @param ms milliseconds @param reached called once, when they are used up */
  constructor(
    ms: number,
    private readonly reached: () => void,
    private readonly clock: Clock,
  ) {
    this.#left = ms;
    this.#run();
  }

  /** Time does not count from here on. @returns says, once, that it does not any more */
  wait(): () => void {
    this.#waiting += 1;
    if (this.#waiting === 1) this.#pause();
    let isWaiting = true;
    return () => {
      if (!isWaiting) return;
      isWaiting = false;
      this.#waiting -= 1;
      if (this.#waiting === 0) this.#run();
    };
  }

  /** The turn is over. */
  end(): void {
    this.#isOver = true;
    this.#pause();
  }

  #run(): void {
    if (this.#isOver) return;
    this.#since = this.clock.now();
    this.#stop = deadline(this.clock, this.#left, this.reached);
  }

  #pause(): void {
    if (this.#stop === undefined) return;
    this.#stop();
    this.#stop = undefined;
    const left = this.#left - (this.clock.now() - this.#since);
    // Only a machine that slept can have used up more than there was.
    this.#left = left < 0 ? Math.min(this.#left, freshMs) : left;
  }
}
