import { type Clock, type Log, messageOf, type StopTimer } from "../platform/index.js";
import type { Store } from "./store.js";

/** How often it is looked for what is old, milliseconds. */
const everyMs = 6 * 3600_000;
const dayMs = 24 * 3600_000;
/** Between two pieces of it, milliseconds: a few times as long as one takes, so that messages hardly notice. */
const restMs = 20;

/** What retention takes. */
export interface RetentionDeps {
  clock: Clock;
  log: Log;
  store: Store;
  /** How long what people wrote is kept; asked each time. */
  days: () => number;
  /** Removes files that nothing names any more. */
  tidy: () => Promise<unknown>;
  /** Whether the state is looked through by this process, and not by another one that has it too. */
  isKeeper: () => boolean;
}

/** Forgets now and then what is older than `gateway.retentionDays` (behaviour 14). */
export class Retention {
  #timers: StopTimer[] = [];
  #isForgetting = false;
  readonly #stop = new AbortController();

  constructor(private readonly deps: RetentionDeps) {}

  /** @param firstMs when it is looked for the first time, milliseconds from now */
  start(firstMs: number): void {
    const { clock } = this.deps;
    const forget = () => void this.#forget();
    this.#timers = [
      clock.after(firstMs, forget, { unref: true }),
      clock.every(everyMs, forget, { unref: true }),
    ];
  }

  /** Nothing is begun any more. */
  stop(): void {
    this.#stop.abort();
    for (const stop of this.#timers) stop();
  }

  async #forget(): Promise<void> {
    // A heap of old rows may take longer than the time to the next look.
    if (this.#isForgetting) return;
    this.#isForgetting = true;
    const { clock, log, store, days, tidy, isKeeper } = this.deps;
    const { signal } = this.#stop;
    const before = clock.now() - days() * dayMs;
    const rest = () => clock.sleep(restMs, signal);
    try {
      if (isKeeper()) {
        await store.journal.forget(before, rest);
        await store.events.forget(before, rest);
      }
      await tidy();
    } catch (error) {
      // The store was closed in the middle of it: the next start goes on.
      if (signal.aborted) return;
      log.warn(`what is older than gateway.retentionDays was not forgotten: ${messageOf(error)}`);
    } finally {
      this.#isForgetting = false;
    }
  }
}
