import type { Clock, Log, StopTimer } from "../platform/index.js";
import type { Store } from "../store/index.js";

/** How often it is tried, milliseconds: a stage that breaks is named within 30 s (behaviour 16.1). */
const everyMs = 10_000;
/** A disk that is full now and then is told of once in this time, milliseconds. */
const quietMs = 3600_000;

export interface StoreWatchDeps {
  store: Store;
  clock: Clock;
  log: Log;
  /** Tells the owners without the store, which cannot keep a notice. */
  tellOwners: (text: string) => void;
}

/** Tries whether the state can be written, also on a quiet day, and tells once when it cannot and when it can again. */
export class StoreWatch {
  #stopTimer: StopTimer = () => {};
  #failing: string | undefined;
  #toldAt: number | undefined;
  /** What the owners know to be wrong, and wait to hear the end of. */
  #told: string | undefined;

  constructor(private readonly deps: StoreWatchDeps) {}

  /** Begins to try, every ten seconds. */
  start(): void {
    this.#stopTimer = this.deps.clock.every(everyMs, () => void this.#look(), { unref: true });
  }

  /** Tries no more. */
  stop(): void {
    this.#stopTimer();
  }

  async #look(): Promise<void> {
    const { store, clock, log, tellOwners } = this.deps;
    const { error } = await store.probe();
    const isNews = error?.code !== this.#failing;
    this.#failing = error?.code;
    if (error === undefined) {
      if (!isNews) return;
      log.info("the state can be written again");
      if (this.#told !== undefined)
        tellOwners("The gateway's state can be written again. It goes on by itself.");
      this.#told = undefined;
      return;
    }
    const { code, message, hint } = error;
    if (isNews) log.error(`nothing can be kept: ${message}`, { code, hint });
    // What began in the quiet time and lasts is told when that is over.
    if (code === this.#told || (this.#toldAt !== undefined && clock.now() - this.#toldAt < quietMs)) return;
    this.#toldAt = clock.now();
    this.#told = code;
    tellOwners(
      `The gateway cannot keep anything (${code}): ${message}. No message is answered until that is mended. ${hint ?? ""}`.trim(),
    );
  }
}
