import { cursorEvent, gapEvent, programEvent } from "../../events/index.js";
import type { Clock } from "../../platform/index.js";
import type { EventFilter, KeptEvent, Store } from "../../store/index.js";
import { beatFrame, frameOf, retryFrame } from "./frames.js";

/** How often it is looked whether the reader may still read, milliseconds. */
const checkMs = 1000;
/** After so many looks in which nothing was told, something is. */
const silentLooks = 15;
/** So many events are looked up at a time, and held while a reader takes them. */
const pageSize = 50;

/** Whose stream it is, and what it tells. */
export interface StreamWish {
  /** The id behind which it begins. */
  cursor: number;
  filter: Omit<EventFilter, "limit">;
  /** Made anew for each page: whether an event is told. */
  sight: () => (event: KeptEvent) => Promise<boolean>;
  /** Whether whoever reads may still do so. */
  isStillIn: () => Promise<boolean>;
}

/** What a stream is made of. */
export interface StreamDeps {
  store: Pick<Store, "events" | "watch">;
  clock: Clock;
  /** Aborts when the API is served there no more. */
  ends: AbortSignal;
  /** Called once, at the end, whoever ends it. @param why what went wrong, where something did */
  left: (why?: unknown) => void;
}

/**
 * One reader of the log of events (behaviour 20.1b). What it tells is looked up when the reader takes it, so that one who is slow
 * costs a page and no more; whether it may go on is looked at meanwhile too.
 */
export class EventStream {
  /** Closes it, for whatever reason; only the first time counts. */
  readonly #over = new AbortController();
  readonly #text = new TextEncoder();
  #stops: (() => void)[] = [];
  #wake = () => {};
  /** Looks since something was told. */
  #looks = 0;
  /** How far the reader knows to be. */
  #told: number;

  constructor(
    private readonly wish: StreamWish,
    private readonly deps: StreamDeps,
  ) {
    this.#told = wish.cursor;
  }

  /** Begins. It is ended by its reader, by the end of what serves it, and when its reader may not read on. */
  open(): ReadableStream<Uint8Array> {
    const frames = this.#frames();
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => this.#watch(controller),
        // Asked only when the reader has taken what was written before.
        pull: async (controller) => {
          try {
            const { value, done } = await frames.next();
            if (done) this.#end(controller);
            else if (!this.#isOver) controller.enqueue(this.#text.encode(value));
          } catch (why) {
            this.#end(controller, why);
          }
        },
        cancel: () => this.#leave(),
      },
      { highWaterMark: 1 },
    );
  }

  get #isOver(): boolean {
    return this.#over.signal.aborted;
  }

  #watch(controller: ReadableStreamDefaultController<Uint8Array>): void {
    const { store, clock, ends } = this.deps;
    const atEnd = () => this.#end(controller);
    const look = async () => {
      this.#looks += 1;
      if (this.#looks >= silentLooks) this.#wake();
      if (!(await this.wish.isStillIn().catch(() => true))) this.#end(controller);
    };
    this.#stops = [
      () => ends.removeEventListener("abort", atEnd),
      store.watch("events", () => this.#wake()),
      clock.every(checkMs, () => void look(), { unref: true }),
    ];
    // What was asked for before may be opened after it.
    if (ends.aborted) atEnd();
    else ends.addEventListener("abort", atEnd, { once: true });
  }

  /** What was written before is still read; a reader that comes back too soon waits a moment. */
  #end(controller: ReadableStreamDefaultController<Uint8Array>, why?: unknown): void {
    if (this.#isOver) return;
    controller.enqueue(this.#text.encode(retryFrame));
    controller.close();
    this.#leave(why);
  }

  #leave(why?: unknown): void {
    if (this.#isOver) return;
    this.#over.abort();
    for (const stop of this.#stops) stop();
    this.#wake();
    this.deps.left(why);
  }

  async *#frames(): AsyncGenerator<string, void> {
    const { wish, deps } = this;
    let { cursor } = wish;
    let knownGap = 0;
    // Who is told nothing else before it is cut off has a cursor to come back with.
    yield this.#tell(`${retryFrame}${frameOf(cursorEvent(cursor, deps.clock.now()))}`, cursor);
    while (!this.#isOver) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      const page = await deps.store.events.after(cursor, { ...wish.filter, limit: pageSize });
      if (!(await wish.isStillIn())) return;
      const { upTo } = page.gap ?? { upTo: 0 };
      if (upTo > knownGap) yield this.#tell(frameOf(gapEvent(upTo, deps.clock.now())), cursor);
      const isTold = wish.sight();
      for (const event of page.events)
        if (await isTold(event)) yield this.#tell(frameOf(programEvent(event)), event.id);
      cursor = page.cursor;
      // Whoever comes back need not hear of the gap again.
      const isBehind = upTo > knownGap && this.#told !== cursor;
      knownGap = Math.max(knownGap, upTo);
      if (page.events.length === pageSize) continue;
      if (!isBehind) await woken;
      if (isBehind || this.#looks >= silentLooks) yield this.#beat(cursor);
    }
  }

  #tell(frame: string, cursor: number): string {
    this.#looks = 0;
    this.#told = cursor;
    return frame;
  }

  #beat(cursor: number): string {
    const isKnown = this.#told === cursor;
    return this.#tell(isKnown ? beatFrame : frameOf(cursorEvent(cursor, this.deps.clock.now())), cursor);
  }
}
