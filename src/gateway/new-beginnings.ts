import { type Clock, type Log, messageOf } from "../platform/index.js";

/** What a process that is a node does when its lease is lost. */
export interface NewBeginningsDeps {
  clock: Clock;
  log: Log;
  /** What it is, for people. */
  what: "gateway" | "worker";
  /** Wait before another try where one failed, milliseconds. */
  againMs: number;
  /** Joins and takes up its work; whatever it began is ended where it fails. @param givenUp aborts when it is not waited for any more */
  begin: (givenUp: AbortSignal) => Promise<void>;
  /** Ends what was begun; nothing is finished, for others have it. */
  end: () => Promise<void>;
}

/**
 * Has a process whose lease was lost end all that it does, and begin anew as another node (behaviour 21.4a). One thing follows the other:
 * where the lease is lost while it begins, it ends once that is through, and begins once more.
 */
export class NewBeginnings {
  readonly #over = new AbortController();
  readonly #givenUp = new AbortController();
  #isStarting = false;
  #isLost = false;
  #underWay: Promise<void> | undefined;

  constructor(private readonly deps: NewBeginningsDeps) {}

  /** Begins for the first time. @throws what `begin` throws */
  async start(): Promise<void> {
    this.#isStarting = true;
    try {
      await this.deps.begin(this.#givenUp.signal);
    } finally {
      this.#isStarting = false;
    }
    this.#goOn();
  }

  /** Others have what it had. */
  readonly lost = (): void => {
    this.#isLost = true;
    if (!this.#isStarting) this.#goOn();
  };

  /**
   * Begins no more, and waits for a beginning that is under way after a loss.
   * @param graceMs after which that is given up: it may wait for a server that is away
   */
  async stop(graceMs: number): Promise<void> {
    this.#over.abort();
    const stopTimer = this.deps.clock.after(graceMs, () => this.#givenUp.abort());
    await this.#underWay;
    stopTimer();
  }

  #goOn(): void {
    this.#underWay ??= this.#untilKept().finally(() => {
      this.#underWay = undefined;
    });
  }

  async #untilKept(): Promise<void> {
    const { log, what, end } = this.deps;
    while (this.#isLost && !this.#over.signal.aborted) {
      log.error(`the lease of this ${what} was over, and others have what it had: it begins anew`, {
        code: "LEASE_OVER",
      });
      try {
        await end();
      } catch (error) {
        log.error(`not all could be ended: ${messageOf(error)}`);
      }
      await this.#begin();
    }
  }

  async #begin(): Promise<void> {
    const { clock, log, what, againMs, begin } = this.deps;
    const { signal } = this.#over;
    while (!signal.aborted) {
      this.#isLost = false;
      try {
        return await begin(this.#givenUp.signal);
      } catch (error) {
        log.error(`the ${what} could not begin anew; it tries again: ${messageOf(error)}`);
        await clock.sleep(againMs, signal);
      }
    }
  }
}
