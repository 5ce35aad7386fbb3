import type { Config } from "../config/index.js";
import { restWithoutPrograms } from "../events/index.js";
import { AlertWatch, StoreWatch } from "../health/index.js";
import type { Clock, Log, Surroundings } from "../platform/index.js";
import { Retention, type RetryingStore } from "../store/index.js";
import { Webhooks } from "../webhooks/index.js";
import type { AccountRuntime } from "./account/account.js";
import type { GatewayNode } from "./gateway-node.js";
import { tellOwnersOf } from "./tell-owners.js";
import type { GatewayTimes } from "./times.js";

/** What the state is kept with. */
export interface UpkeepDeps {
  storage: RetryingStore;
  clock: Clock;
  log: Log;
  config: () => Config;
  surroundings: Surroundings;
  times: GatewayTimes;
  node: Pick<GatewayNode, "isKeeper">;
  /** The accounts at work. */
  accounts: () => readonly AccountRuntime[];
}

/**
 * What goes on beside messages: what is old is forgotten, owners and alerts are told of what is broken, webhooks of what happens. What is
 * done for the whole state the keeper alone does (behaviour 21.4b).
 */
export class Upkeep {
  readonly #retention: Retention;
  readonly #storeWatch: StoreWatch;
  readonly #alertWatch: AlertWatch;
  readonly #webhooks: Webhooks;

  /** @param tidy removes files of this machine that nothing names any more */
  constructor(
    private readonly deps: UpkeepDeps,
    tidy: () => Promise<unknown>,
  ) {
    const { storage, clock, log, config, surroundings, times, node, accounts } = deps;
    const store = storage.direct;
    const isKeeper = () => node.isKeeper;
    const tellOwners = (text: string) => tellOwnersOf(accounts(), text, log);
    const rest = async () => {
      if (isKeeper()) await restWithoutPrograms(store.events, clock.now());
    };
    this.#retention = new Retention({
      ...{ clock, log, store, isKeeper },
      days: () => config().gateway.retentionDays,
      tidy: () => Promise.all([tidy(), rest()]),
    });
    this.#storeWatch = new StoreWatch({ store, clock, log, tellOwners });
    this.#webhooks = new Webhooks({
      store: storage.store,
      direct: store.events,
      ...{ config, clock, log },
      random: surroundings.random,
      tellOwners,
    });
    this.#alertWatch = new AlertWatch(
      {
        ...surroundings,
        ...{ clock, log },
        channels: () => config().alerts,
        accounts: () => accounts().map(({ health }) => health),
      },
      times.alertEveryMs,
    );
  }

  /** Begins. */
  async start(): Promise<void> {
    this.#retention.start(this.deps.times.firstForgetMs);
    this.#storeWatch.start();
    await this.serve();
    this.#alertWatch.start();
  }

  /** Has the webhooks served as the configuration has them now, where this is the keeper's. */
  async serve(): Promise<void> {
    if (this.deps.node.isKeeper) await this.#webhooks.serve(this.deps.config().webhooks);
  }

  /** How each webhook does. */
  states(): ReturnType<Webhooks["states"]> {
    return this.#webhooks.states();
  }

  /** Looks no more; webhooks are told what still happens. */
  rest(): void {
    this.#retention.stop();
    this.#storeWatch.stop();
    this.#alertWatch.stop();
  }

  /** Ends it all. */
  async stop(): Promise<void> {
    await this.#webhooks.stop();
  }
}
