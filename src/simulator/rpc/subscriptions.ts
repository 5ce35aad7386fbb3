import { basename } from "node:path";
import type { StopTimer } from "../../platform/index.js";
import type { Place } from "../world/place.js";
import type { World } from "../world/world.js";

/** Something that looks at the world again when its files change. */
export interface Subscription {
  /** Waits so long after a change before it looks, milliseconds. */
  debounceMs: number;
  /** Looks again after so long without a change, milliseconds. */
  pollMs: number;
  /** Looks. @returns after how many milliseconds it must look again in any case, or false when it has ended */
  poll(): number | false;
}

/** The running subscriptions of one process: one file watcher for all. */
export class Subscriptions {
  readonly #running = new Map<number, { stop(): void; touch(): void }>();
  #watcher: { close(): void } | undefined;
  #last = 0;

  constructor(private readonly place: Pick<Place, "folder" | "host">) {}

  get size(): number {
    return this.#running.size;
  }

  /** Makes room for a subscription. @returns its number, for {@link start}; numbers start at 1 */
  next(): number {
    this.#running.set(++this.#last, { touch: () => {}, stop: () => {} });
    return this.#last;
  }

  /** Starts a subscription that was not stopped meanwhile; its first look is at once. */
  start(id: number, world: World, subscription: Subscription): void {
    if (!this.#running.has(id)) return;
    const { clock } = this.place.host;
    let waiting: StopTimer | undefined;
    let again: StopTimer | undefined;
    const look = () => {
      waiting?.();
      again?.();
      waiting = undefined;
      const againMs = subscription.poll();
      if (againMs === false) this.stop(id);
      else if (Number.isFinite(againMs)) again = clock.after(againMs, look);
    };
    const stopFallback = clock.every(subscription.pollMs, look);
    const entry = {
      touch: () => {
        // Changes during the wait are merged (protocol reference 3.4 item 3).
        waiting ??= clock.after(subscription.debounceMs, look);
      },
      stop: () => {
        waiting?.();
        again?.();
        stopFallback();
      },
    };
    this.#running.set(id, entry);
    this.#watcher ??= this.#watch(basename(world.dbPath));
    look();
  }

  /** Runs a subscription by itself, for a command. @returns a promise that only ever fails, with what a look threw */
  untilFailed(world: World, subscription: Subscription): Promise<never> {
    return new Promise((_resolve, reject) => {
      const poll = () => {
        try {
          return subscription.poll();
        } catch (error) {
          reject(error);
          return false;
        }
      };
      this.start(this.next(), world, { ...subscription, poll });
    });
  }

  /** Ends a subscription; an unknown one is ignored. */
  stop(id: number): void {
    this.#running.get(id)?.stop();
    this.#running.delete(id);
    if (this.#running.size > 0) return;
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  /** Ends all subscriptions. */
  stopAll(): void {
    for (const id of [...this.#running.keys()]) this.stop(id);
  }

  /** The folder is watched, because `-wal` comes and goes. Where that is not possible the fallback poll remains. */
  #watch(name: string): { close(): void } | undefined {
    const files = new Set([name, `${name}-wal`, "events.jsonl"]);
    return this.place.host.watch(this.place.folder, (file) => {
      if (file === null || files.has(file)) for (const entry of this.#running.values()) entry.touch();
    });
  }
}
