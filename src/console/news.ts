import { randomUUID } from "node:crypto";
import { setMaxListeners } from "node:events";
import type { Clock, KeptLog } from "../platform/index.js";
import type { Store, Topic } from "../store/index.js";

/** What a page shows something of. `health`: how the gateway and its accounts do; `log`: what it logs. */
export type NewsTopic = Exclude<Topic, "rows" | "events"> | "health" | "log";

/** What the store hints at, and what pages call it: they show of the journal what comes in as well as what goes on there. */
const hints = [
  ["journal", "journal"],
  ["rows", "journal"],
  ["turns", "turns"],
  ["outbox", "outbox"],
  ["schedule", "schedule"],
  ["drafts", "drafts"],
  ["questions", "questions"],
] as const satisfies [Topic, NewsTopic][];
const topics: readonly NewsTopic[] = [
  ...new Set<NewsTopic>(hints.map(([, topic]) => topic)),
  ...(["health", "log"] as const),
];

/** How often the health is told anew, milliseconds: proofs grow older by themselves, and a connection that is gone shows. */
const healthMs = 5000;
/** What changes within this time is told at once, milliseconds. */
const gatherMs = 50;
const mostReaders = 64;

/**
 * Tells pages what changed: only the topics, of which each page then reads what it shows. So a reader that is slow costs a few
 * words, and one that was away is told once of all that changed: nothing can be lost on the way.
 */
export class News {
  /** A page that knows another one's cursor was there before a restart. */
  readonly #life = randomUUID();
  /** The number of the last change of each topic. */
  readonly #changedAt = new Map<NewsTopic, number>();
  readonly #wake = new Set<() => void>();
  #count = 0;
  #readers = 0;
  #stops: (() => void)[] = [];

  /** @param ends aborts when it is served there no more */
  constructor(
    private readonly store: Pick<Store, "watch">,
    private readonly log: Pick<KeptLog, "watch">,
    private readonly clock: Clock,
    private readonly ends: AbortSignal,
  ) {
    setMaxListeners(0, ends);
  }

  /**
   * Opens the stream of one page (server-sent events).
   * @param cursor the id of the last event that it has; what came since is told at once, all of it where that cannot be known
   * @param isIn whether its browser is let in still: asked before each event, and so with each look at the health
   * @returns undefined where too many are open
   */
  open(cursor: string | null, isIn: () => boolean): ReadableStream<Uint8Array> | undefined {
    if (this.#readers >= mostReaders) return undefined;
    this.#readers += 1;
    this.#watch();
    const gone = new AbortController();
    const leave = () => {
      if (gone.signal.aborted) return;
      gone.abort();
      this.ends.removeEventListener("abort", leave);
      this.#readers -= 1;
      this.#rest();
    };
    // What was asked for before may be opened after it.
    if (this.ends.aborted) leave();
    else this.ends.addEventListener("abort", leave, { once: true });
    const lines = this.#lines(cursor, isIn, gone.signal);
    const text = new TextEncoder();
    return new ReadableStream<Uint8Array>(
      {
        // Asked only when the page has read what was written before.
        async pull(controller) {
          const { value, done } = await lines.next();
          if (done) {
            leave();
            controller.close();
          } else controller.enqueue(text.encode(value));
        },
        cancel: leave,
      },
      { highWaterMark: 1 },
    );
  }

  async *#lines(cursor: string | null, isIn: () => boolean, gone: AbortSignal): AsyncGenerator<string, void> {
    let told = this.#readCursor(cursor);
    for (let isFirst = true; ; isFirst = false) {
      if (!isFirst) await this.#changed(told, gone);
      if (gone.aborted || !isIn()) return;
      const changed = topics.filter((topic) => (this.#changedAt.get(topic) ?? 0) > told);
      told = this.#count;
      yield `id: ${this.#life}.${told}\ndata: ${JSON.stringify(changed)}\n\n`;
    }
  }

  /** Waits until something changed, and a moment longer; at the latest the health does. */
  async #changed(told: number, gone: AbortSignal): Promise<void> {
    // A page that takes its last words late asks when all is over.
    if (this.#count <= told && !gone.aborted)
      await new Promise<void>((wake) => {
        const done = () => {
          this.#wake.delete(done);
          gone.removeEventListener("abort", done);
          wake();
        };
        this.#wake.add(done);
        gone.addEventListener("abort", done, { once: true });
      });
    await this.clock.sleep(gatherMs, gone);
  }

  #readCursor(cursor: string | null): number {
    const [life, count] = (cursor ?? "").split(".");
    return life === this.#life && /^\d{1,15}$/.test(count ?? "") ? Number(count) : -1;
  }

  /** While anybody reads. */
  #watch(): void {
    if (this.#stops.length > 0) return;
    this.#stops = hints.map(([hint, topic]) => this.store.watch(hint, () => this.#note(topic)));
    this.#stops.push(
      this.clock.every(healthMs, () => this.#note("health"), { unref: true }),
      this.log.watch(() => this.#note("log")),
    );
    // Nobody looked until now.
    for (const topic of topics) this.#note(topic);
  }

  #rest(): void {
    if (this.#readers === 0) for (const stop of this.#stops.splice(0)) stop();
  }

  #note(topic: NewsTopic): void {
    this.#count += 1;
    this.#changedAt.set(topic, this.#count);
    for (const wake of [...this.#wake]) wake();
  }
}
