import { isDeepStrictEqual } from "node:util";
import type { WebhookConfig } from "../config/index.js";
import type { StopTimer } from "../platform/index.js";
import { type HookDeps, HookWorker, memoryOf } from "./hook-worker.js";
import { readerOf, readerPrefix } from "./reader.js";

/** How long the place of a webhook that was removed is kept, milliseconds. */
const keptMs = 7 * 24 * 3600_000;
const dayMs = 24 * 3600_000;

/** The webhooks of a configuration, each with a worker of its own: one that is dead holds up no other (behaviour 20.2). */
export class Serving {
  readonly #workers = new Map<string, { hook: WebhookConfig; worker: HookWorker }>();

  readonly #stopTimer: StopTimer;
  #hooks: readonly WebhookConfig[] = [];
  /** Changes come one after the other. */
  #line: Promise<unknown> = Promise.resolve();

  constructor(private readonly deps: HookDeps) {
    const again = () => void this.serve(this.#hooks).catch(() => {});
    this.#stopTimer = deps.clock.every(dayMs, again, { unref: true });
  }

  /**
   * Serves these from now on: a new one begins at now, and one that is back within a week where it was.
   */
  serve(hooks: readonly WebhookConfig[]): Promise<void> {
    this.#hooks = hooks;
    const served = this.#line.then(() => this.#serve(hooks));
    this.#line = served.catch(() => {});
    return served;
  }

  async #serve(hooks: readonly WebhookConfig[]): Promise<void> {
    const { events } = this.deps.store;
    const wanted = new Map(hooks.map((hook) => [readerOf(hook.url), hook]));
    for (const [name, { hook, worker }] of [...this.#workers]) {
      if (isDeepStrictEqual(wanted.get(name), hook)) continue;
      this.#workers.delete(name);
      await worker.stop();
    }
    const at = this.deps.clock.now();
    for (const reader of await events.readers()) {
      if (!reader.name.startsWith(readerPrefix)) continue;
      const { removedAt, ...memory } = memoryOf(reader);
      if (wanted.has(reader.name)) {
        // One that said it is gone has another try when it is named anew.
        if (removedAt !== undefined) await events.advance(reader.name, reader.cursor, {});
      } else if (removedAt === undefined)
        await events.advance(reader.name, reader.cursor, { ...memory, removedAt: at });
      else if (at - removedAt > keptMs) await events.unfollow(reader.name);
    }
    for (const [name, hook] of wanted) {
      await events.follow(name, at);
      if (this.#workers.has(name)) continue;
      const worker = new HookWorker(hook, this.deps);
      this.#workers.set(name, { hook, worker });
      worker.start();
    }
  }

  /** Ends all; tries that are under way are made again by the next start. */
  async stop(): Promise<void> {
    this.#stopTimer();
    await this.#line;
    await Promise.all([...this.#workers.values()].map(({ worker }) => worker.stop()));
    this.#workers.clear();
  }
}
