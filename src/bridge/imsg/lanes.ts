import type { Lane } from "./methods.js";

/** How many requests of each lane 0.14 works on at once. */
const width: Record<Lane, number> = { mutation: 1, read: 4, control: 4 };

/**
 * Decides what may be written to the child now. Up to 0.13 a child handles one request after the other: then only one
 * is written at a time, so that each request's clock starts when the child starts on it, and so that a mutation that
 * waits here is surely not sent when the child dies.
 */
export class Lanes<Job extends { lane: Lane }> {
  readonly #queue: Job[] = [];
  readonly #under: Record<Lane, number> = { mutation: 0, read: 0, control: 0 };
  #serial = true;

  /** @param start called with each job when its turn comes */
  constructor(private readonly start: (job: Job) => void) {}

  /** Whether the child is taken for one that does one thing at a time. */
  get isSerial(): boolean {
    return this.#serial;
  }

  /** Jobs that were not started yet. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Jobs that were started and are not over. */
  get under(): number {
    return this.#under.mutation + this.#under.read + this.#under.control;
  }

  /** The child turned out to work in three lanes (0.14 and later). */
  widen(): void {
    if (!this.#serial) return;
    this.#serial = false;
    this.#pump();
  }

  /** Puts a job behind those of its lane; it is started at once where there is room. */
  add(job: Job): void {
    this.#queue.push(job);
    this.#pump();
  }

  /** A started job is over: answered, or known to be dead. */
  done(job: Job): void {
    this.#under[job.lane] -= 1;
    this.#pump();
  }

  /** Takes out everything that was not started. */
  drain(): Job[] {
    return this.#queue.splice(0);
  }

  #pump(): void {
    for (let index = 0; index < this.#queue.length; ) {
      const job = this.#queue[index]!;
      const free = this.#serial ? this.under === 0 : this.#under[job.lane] < width[job.lane];
      if (free) {
        this.#queue.splice(index, 1);
        this.#under[job.lane] += 1;
        this.start(job);
      } else if (this.#serial) return;
      else index += 1;
    }
  }
}
