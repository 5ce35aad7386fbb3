import { randomUUID } from "node:crypto";
import type { Clock, StopTimer } from "../../platform/index.js";
import type { Delivery } from "./delivery.js";
import type { ChannelEvent } from "./event.js";
import type { ChannelPlace } from "./place.js";

/** How long a session's question for what is new is held open, milliseconds. */
const holdMs = 25_000;
/** A session that has not asked again for so long is gone; whoever is there asks at once. */
const graceMs = 10_000;

/** A session that is attached: what waits to be told to it, and whether it is still there. */
export class Attachment {
  readonly id = randomUUID();
  readonly since: number;
  /** What it was handed and has not answered, by turn, oldest first. */
  readonly deliveries = new Map<string, Delivery>();
  /** Sessions of which it was handed something. */
  readonly sessionKeys = new Set<string>();
  #events: ChannelEvent[] = [];
  #wake: (() => void) | undefined;
  #stopTimer: StopTimer = () => {};
  /** Questions that are held open now. */
  #asking = 0;
  #isOver = false;

  /** @param gone called once, when the session is not there any more */
  constructor(
    readonly place: ChannelPlace,
    private readonly clock: Clock,
    private readonly gone: (attachment: Attachment) => void,
  ) {
    this.since = clock.now();
    this.#expectAsking();
  }

  /** Tells the session something, in order. */
  push(event: ChannelEvent): void {
    this.#events.push(event);
    this.#wake?.();
  }

  /**
   * Waits for what the session is to be told.
   * @param left aborts when the session's end of the connection is gone: then so is the session
   * @returns nothing when nothing came for some time
   */
  async next(left: AbortSignal): Promise<ChannelEvent[]> {
    this.#stopTimer();
    this.#wake?.();
    this.#asking += 1;
    if (this.#events.length === 0 && !this.#isOver) await this.#wait(left);
    this.#asking -= 1;
    if (left.aborted) {
      this.leave();
      return [];
    }
    const events = this.#events;
    this.#events = [];
    this.#expectAsking();
    return events;
  }

  /** Nothing is asked by it any more. */
  leave(): void {
    if (this.#isOver) return;
    this.end();
    this.gone(this);
  }

  /** It is attached no more; what waits can still be fetched. */
  end(): void {
    this.#isOver = true;
    this.#stopTimer();
    this.#wake?.();
  }

  async #wait(left: AbortSignal): Promise<void> {
    const over = new AbortController();
    const wake = () => over.abort();
    this.#wake = wake;
    await this.clock.sleep(holdMs, AbortSignal.any([left, over.signal]));
    if (this.#wake === wake) this.#wake = undefined;
  }

  #expectAsking(): void {
    this.#stopTimer();
    if (!this.#isOver && this.#asking === 0)
      this.#stopTimer = this.clock.after(graceMs, () => this.leave(), { unref: true });
  }
}
