/**
 * The order in which requests are carried out. Before 0.14.0 one at a time, whatever they are; since then mutations one
 * at a time, reads up to four at once, control at once (protocol reference 1.1).
 */
export class Lanes {
  #tail: Promise<void> = Promise.resolve();
  #reading = 0;
  readonly #waitingReads: (() => void)[] = [];
  readonly #running = new Set<Promise<void>>();

  constructor(private readonly threeLanes: boolean) {}

  /** How many requests are not answered yet. */
  get outstanding(): number {
    return this.#running.size;
  }

  /** Does the work when its turn comes. @param work must not reject */
  run(lane: "mutation" | "read" | "control", work: () => Promise<void>): void {
    let promise: Promise<void>;
    if (!this.threeLanes || lane === "mutation") {
      promise = this.#tail.then(work);
      this.#tail = promise;
    } else promise = lane === "read" ? this.#read(work) : work();
    this.#running.add(promise);
    void promise.then(() => this.#running.delete(promise));
  }

  /** Resolves when everything that was accepted is done. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #read(work: () => Promise<void>): Promise<void> {
    if (this.#reading >= 4) await new Promise<void>((resolve) => this.#waitingReads.push(resolve));
    this.#reading++;
    await work();
    this.#reading--;
    this.#waitingReads.shift()?.();
  }
}
