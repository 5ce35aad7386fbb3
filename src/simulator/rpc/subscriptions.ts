import type { FSWatcher } from "node:fs";
import { watch } from "node:fs";
import { basename } from "node:path";
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
  #watcher: FSWatcher | undefined;
  #last = 0;

  constructor(private readonly folder: () => string) {}

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
    let waiting: NodeJS.Timeout | undefined;
    let again: NodeJS.Timeout | undefined;
    const look = () => {
      clearTimeout(waiting);
      clearTimeout(again);
      waiting = undefined;
      const againMs = subscription.poll();
      if (againMs === false) this.stop(id);
      else if (Number.isFinite(againMs)) again = setTimeout(look, againMs);
    };
    const fallback = setInterval(look, subscription.pollMs);
    const entry = {
      touch: () => {
        // Changes during the wait are merged (protocol reference 3.4 item 3).
        waiting ??= setTimeout(look, subscription.debounceMs);
      },
      stop: () => {
        clearTimeout(waiting);
        clearTimeout(again);
        clearInterval(fallback);
      },
    };
    this.#running.set(id, entry);
    this.#watcher ??= this.#watch(basename(world.dbPath));
    look();
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
  #watch(name: string): FSWatcher | undefined {
    const files = new Set([name, `${name}-wal`, "events.jsonl"]);
    try {
      const watcher = watch(this.folder(), (_event, file) => {
        if (file === null || files.has(file)) for (const entry of this.#running.values()) entry.touch();
      });
      return watcher.on("error", () => {});
    } catch {
      return undefined;
    }
  }
}
