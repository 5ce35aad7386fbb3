import type { WebhookConfig } from "../config/index.js";
import { messageOf } from "../platform/index.js";
import type { EventLog } from "../store/index.js";
import { type HookState, hookStates } from "./hook-state.js";
import type { HookDeps } from "./hook-worker.js";
import { readerPrefix } from "./reader.js";
import type { Serving } from "./serving.js";

/** What the webhooks of a gateway take. */
export interface WebhooksDeps extends HookDeps {
  /** What fails at once where the state cannot be read: for whoever asks how things are. */
  direct: Pick<EventLog, "readers" | "countAfter">;
}

/** The webhooks of a gateway (behaviour 20.2). What serves them is loaded once there are any. */
export class Webhooks {
  #serving: Serving | undefined;
  #hooks: readonly WebhookConfig[] = [];
  #isOver = false;

  constructor(private readonly deps: WebhooksDeps) {}

  /** Serves these from now on: a new one begins at now, and one that is back within a week where it was. */
  async serve(hooks: readonly WebhookConfig[]): Promise<void> {
    this.#hooks = hooks;
    if (!this.#serving && hooks.length === 0 && !(await this.#hadSome())) return;
    const { Serving } = await import("./serving.js");
    if (this.#isOver) return;
    this.#serving ??= new Serving(this.deps);
    await this.#serving.serve(hooks);
  }

  /** How each does; where the state cannot be read, each as one that nothing is known of, and why. */
  async states(): Promise<HookState[]> {
    if (this.#hooks.length === 0) return [];
    try {
      return await hookStates(this.#hooks, this.deps.direct);
    } catch (error) {
      const why = messageOf(error);
      return (await hookStates(this.#hooks, undefined)).map((hook) => ({ ...hook, why }));
    }
  }

  /** Ends all, for good; tries that are under way are made again by the next start. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#serving?.stop();
    this.#serving = undefined;
  }

  /** One that was removed lately has its place still. */
  async #hadSome(): Promise<boolean> {
    const readers = await this.deps.store.events.readers();
    return readers.some(({ name }) => name.startsWith(readerPrefix));
  }
}
