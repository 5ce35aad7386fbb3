import type { Clock, Log } from "../platform/index.js";
import { RetryingStore, type Store } from "../store/index.js";

/** What is under way has so long to end by itself once it waits for nothing more, milliseconds. */
const endMs = 2000;

/**
 * The state as one beginning of a gateway or a worker has it: who works there waits for it however long it is away. Where the end of the
 * process waits for this beginning no longer, those waits end, and what is left then finds the state closed.
 */
export class OpenState {
  readonly storage: RetryingStore;
  readonly #waits = new AbortController();
  readonly #forget: () => void;
  #closing: Promise<void> | undefined;

  /** @param givenUp aborts when the beginning is not waited for any more */
  constructor(
    private readonly direct: Store,
    { clock, log }: { clock: Clock; log: Log },
    givenUp: AbortSignal,
  ) {
    this.storage = new RetryingStore(direct, { clock, log, signal: this.#waits.signal });
    const giveUp = () => {
      this.endWaits();
      // Whoever is in doubt of a commit asks the server until the store closes.
      clock.after(endMs, () => void this.close().catch(() => {}), { unref: true });
    };
    this.#forget = () => givenUp.removeEventListener("abort", giveUp);
    if (givenUp.aborted) giveUp();
    else givenUp.addEventListener("abort", giveUp, { once: true });
  }

  /** Has what waits for the state fail, and nothing wait for it any more. */
  endWaits(): void {
    this.#waits.abort();
  }

  /** Closes the state, once. @throws what the store throws */
  close(): Promise<void> {
    this.#forget();
    this.#closing ??= this.direct.close({ settle: true });
    return this.#closing;
  }
}
