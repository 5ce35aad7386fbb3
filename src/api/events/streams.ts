import { setMaxListeners } from "node:events";
import { keepForPrograms } from "../../events/index.js";
import { messageOf, type StopTimer, TapbackError } from "../../platform/index.js";
import type { ApiDeps } from "../deps.js";
import { EventStream, type StreamWish } from "./stream.js";

/** Most streams that are open at once, of one token and of all: each holds a connection. */
const mostOfOne = 8;
const mostOfAll = 64;
/** How often it is noted that somebody reads, milliseconds. */
const noteMs = 3600_000;

/** The streams of events that are open at a listener. */
export class EventStreams {
  readonly #open = new Map<string, number>();
  #stopNoting: StopTimer = () => {};

  /** @param ends aborts when it is served there no more */
  constructor(
    private readonly deps: Pick<ApiDeps, "store" | "clock" | "log">,
    private readonly ends: AbortSignal,
  ) {
    setMaxListeners(0, ends);
  }

  /**
   * Opens one; from now on events are kept.
   * @param tokenId whose it is @param wish without a cursor it begins at now
   * @throws `RATE_LIMITED`, where so many are open; what the store throws
   */
  async open(
    tokenId: string,
    { cursor, ...wish }: Omit<StreamWish, "cursor"> & { cursor: number | undefined },
  ): Promise<ReadableStream<Uint8Array>> {
    const { store, clock, log } = this.deps;
    const [own, all] = [this.#open.get(tokenId) ?? 0, [...this.#open.values()].reduce((a, b) => a + b, 0)];
    if (own >= mostOfOne || all >= mostOfAll)
      throw new TapbackError(
        "RATE_LIMITED",
        own >= mostOfOne ? `the token has ${own} streams open` : `${all} streams are open`,
        { retryable: true },
      );
    this.#open.set(tokenId, own + 1);
    if (all === 0) this.#noteWhileOpen();
    const left = (why?: unknown) => {
      const rest = (this.#open.get(tokenId) ?? 1) - 1;
      if (rest > 0) this.#open.set(tokenId, rest);
      else this.#open.delete(tokenId);
      if (this.#open.size === 0) this.#stopNoting();
      if (why !== undefined) log.warn(`a stream of events ended: ${messageOf(why)}`);
    };
    try {
      await keepForPrograms(store.events, clock.now());
      const from = cursor ?? (await store.events.newest());
      return new EventStream({ ...wish, cursor: from }, { store, clock, ends: this.ends, left }).open();
    } catch (error) {
      left();
      throw error;
    }
  }

  #noteWhileOpen(): void {
    const { store, clock } = this.deps;
    const note = () => void keepForPrograms(store.events, clock.now()).catch(() => {});
    this.#stopNoting = clock.every(noteMs, note, { unref: true });
  }
}
