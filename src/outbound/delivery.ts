import type { Bridge } from "../bridge/index.js";
import { type Clock, type Log, messageOf } from "../platform/index.js";
import type { OutboxItem, Store } from "../store/index.js";
import { deliveryOf } from "./delivery-facts.js";

/** Waits before each look, milliseconds: most messages are delivered within seconds, and read within minutes or not soon. */
const looks = [1000, 3000, 10_000, 30_000, 120_000, 600_000];
/** Messages that are followed at once; more would crowd a serial child. */
const most = 50;

export interface DeliveryDeps {
  store: Store;
  bridge: Bridge;
  clock: Clock;
  log: Log;
  /** The first message of a chat that is known to have gone as SMS. */
  onDowngrade: (item: OutboxItem) => void;
  waits?: readonly number[];
}

/**
 * Follows sent messages for a while, where the build can tell: delivered, read, gone as SMS, given up (behaviour 10.1).
 * What it finds is noted with the message; nothing is sent because of it.
 */
export class DeliveryWatch {
  readonly #stop = new AbortController();
  #following = 0;

  constructor(private readonly deps: DeliveryDeps) {}

  /** Follows one message whose row was seen; returns at once. */
  follow(item: OutboxItem): void {
    if (item.guid === undefined || this.#following >= most || this.#stop.signal.aborted) return;
    this.#following++;
    void this.#follow(item, item.guid)
      .catch((error) => this.deps.log.debug("a delivery cannot be noted", { error: messageOf(error) }))
      .finally(() => this.#following--);
  }

  /** Follows nothing more; what is not known by then stays unknown. */
  stop(): void {
    this.#stop.abort();
  }

  async #follow(item: OutboxItem, guid: string): Promise<void> {
    const { bridge, store, clock } = this.deps;
    let last = "";
    for (const wait of this.deps.waits ?? looks) {
      if (!(await clock.sleep(wait, this.#stop.signal))) return;
      if (bridge.state !== "live") continue;
      const found = await bridge.actions.sendStatus(guid);
      if (found.state === "unsupported" && found.missing !== "bridge") return;
      if (found.state !== "done") continue;
      const news = deliveryOf(found.facts);
      if (JSON.stringify(news) === last) continue;
      last = JSON.stringify(news);
      if (found.facts.state !== "pending") {
        const { firstDowngrade } = await store.outbox.noteDelivery(item.id, {
          ...news,
          checkedAt: clock.now(),
        });
        if (firstDowngrade) this.deps.onDowngrade(item);
      }
      if (news.failed || news.readAt !== undefined) return;
    }
  }
}
