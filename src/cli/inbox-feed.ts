import type { JournalEntry, JournalFilter, JournalState, Store } from "../store/index.js";

/** Rows that are read at once. */
const page = 500;
/** Several gateways that share a state may commit rows in another order than that of their numbers, by this much at most. */
const outOfOrder = 100;

/**
 * What is new in the journal and fits a filter, each row once. A row may come to fit long after later ones did: it fails when its
 * turn ends.
 */
export class InboxFeed {
  readonly #told = new Set<number>();
  /** Up to this row nothing can come to fit any more. */
  #from = 0;

  private constructor(
    private readonly store: Pick<Store, "journal">,
    private readonly filter: JournalFilter,
  ) {}

  /** Begins with what comes to fit from now on. */
  static async open(store: Pick<Store, "journal">, filter: JournalFilter): Promise<InboxFeed> {
    const feed = new InboxFeed(store, filter);
    feed.#from = await feed.#ended();
    for await (const { id, state } of feed.#fitting()) if (state !== "new") feed.#told.add(id);
    return feed;
  }

  /** Those that came to fit since, oldest first, and only what was decided, so that each is the whole story. */
  async *next(): AsyncGenerator<JournalEntry> {
    const ended = await this.#ended();
    for await (const entry of this.#fitting()) {
      if (entry.state === "new") return;
      if (this.#told.has(entry.id)) continue;
      this.#told.add(entry.id);
      yield entry;
    }
    this.#from = Math.max(this.#from, ended);
    for (const id of this.#told) if (id <= this.#from) this.#told.delete(id);
  }

  async *#fitting(): AsyncGenerator<JournalEntry> {
    let after = this.#from;
    let read: JournalEntry[];
    do {
      read = await this.store.journal.list({ ...this.filter, after, oldestFirst: true, limit: page });
      yield* read;
      after = read.at(-1)?.id ?? after;
    } while (read.length === page);
  }

  /** Where the first row that has no end yet begins; asked before rows are listed, so that none ends unseen between. */
  async #ended(): Promise<number> {
    const isWhole = this.filter.state === undefined && this.filter.decision === undefined;
    const open: JournalState[] = isWhole ? ["new"] : ["new", "decided", "in_turn"];
    const [newest] = await this.store.journal.list({ own: true, limit: 1 });
    const first = { own: true, oldestFirst: true, limit: 1 };
    const waiting = await Promise.all(open.map((state) => this.store.journal.list({ ...first, state })));
    const ids = waiting.flat().map(({ id }) => id - 1);
    return Math.max(0, Math.min(newest?.id ?? 0, ...ids) - outOfOrder);
  }
}
