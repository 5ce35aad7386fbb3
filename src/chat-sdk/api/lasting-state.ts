import type { Logger, StateAdapter } from "chat";
import { type Clock, messageOf } from "../../platform/index.js";

/** Between tries, milliseconds; the last one is that of all further ones. */
const pausesMs = [500, 1000, 2000, 4000, 8000, 15_000];

/**
 * The bot's state, asked again until it answers: a fault that passes loses nothing of what follows from the answer. What it
 * throws it throws after a stop.
 */
export class LastingState implements Pick<StateAdapter, "get" | "set" | "setIfNotExists"> {
  #failing = 0;

  /** @param signal ends the tries */
  constructor(
    private readonly state: Pick<StateAdapter, "get" | "set" | "setIfNotExists">,
    private readonly clock: Pick<Clock, "sleep">,
    private readonly signal: AbortSignal,
    private readonly log: Pick<Logger, "error">,
  ) {}

  /** Whether something waits for the state after a fault. */
  get isFailing(): boolean {
    return this.#failing > 0;
  }

  get<T>(key: string): Promise<T | null> {
    return this.#asked(() => this.state.get<T>(key));
  }

  set<T>(key: string, value: T, ttlMs?: number): Promise<void> {
    return this.#asked(() => this.state.set(key, value, ttlMs));
  }

  setIfNotExists(key: string, value: unknown, ttlMs?: number): Promise<boolean> {
    return this.#asked(() => this.state.setIfNotExists(key, value, ttlMs));
  }

  async #asked<T>(ask: () => Promise<T>): Promise<T> {
    for (let failures = 0; ; failures++) {
      try {
        return await ask();
      } catch (error) {
        if (failures === 0) this.log.error(`the bot's state fails, and is asked again: ${messageOf(error)}`);
        if (!(await this.#pause(failures))) throw error;
      }
    }
  }

  async #pause(failures: number): Promise<boolean> {
    this.#failing++;
    try {
      return await this.clock.sleep(pausesMs[Math.min(failures, pausesMs.length - 1)]!, this.signal);
    } finally {
      this.#failing--;
    }
  }
}
