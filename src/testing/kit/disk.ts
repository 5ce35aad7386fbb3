import type { Clock, Database } from "../../platform/index.js";

/** SQLite's own limit. */
const allPages = 4_294_967_294;

/** The disk under the gateway's state, which may be full. */
export class Disk {
  #database: Database | undefined;
  #isFull = false;
  #stopTimer = () => {};

  constructor(private readonly clock: Clock) {}

  /** A gateway opened its state. */
  opened(database: Database): void {
    this.#database = database;
    if (this.#isFull) this.#limit();
  }

  /** Nothing more fits on it. @param forMs until somebody makes room, milliseconds */
  fill(forMs: number): void {
    this.#isFull = true;
    this.#limit();
    this.#stopTimer();
    this.#stopTimer = this.clock.after(forMs, () => this.empty());
  }

  /** There is room. */
  empty(): void {
    this.#stopTimer();
    if (!this.#isFull) return;
    this.#isFull = false;
    this.#limit();
  }

  #limit(): void {
    try {
      const pages = this.#isFull
        ? Number(this.#database?.prepare("PRAGMA page_count").get()?.page_count)
        : allPages;
      this.#database?.exec(`PRAGMA max_page_count = ${pages}`);
    } catch {
      // The gateway that had it is gone.
    }
  }
}
