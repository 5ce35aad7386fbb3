import type { JournalEntry, JournalFilter, JournalState, Store } from "../store/index.js";

/** Rows that are read at once. */
const page = 500;
/** Several gateways that share a state may commit rows in another order than that of their numbers, by this much at most. */
const outOfOrder = 100;

/**
 * What is new in the journal and fits a filter, each row once. A row may come to fit long after later ones did: it fails when its
 * turn ends, and one that is sent through the gates again may be much older.
 */
export class InboxFeed {
  readonly #told = new Set<number>();
  /** Up to this row all are known; of these only what has no end yet can come to fit. */
  #from = 0;
  /** Rows up to there that have no end yet, with their accounts. */
  readonly #waiting = new Map<number, string>();
  /** Whether every row fits once it is decided. */
  readonly #isWhole: boolean;

  private constructor(
    private readonly store: Pick<Store, "journal">,
    private readonly filter: JournalFilter,
  ) {
    this.#isWhole = filter.state === undefined && filter.decision === undefined;
  }

  /** Begins with what comes to fit from now on. */
  static async open(store: Pick<Store, "journal">, filter: JournalFilter): Promise<InboxFeed> {
    const feed = new InboxFeed(store, filter);
    feed.#from = await feed.#known();
    for (const { id, account } of await feed.#unended()) if (id <= feed.#from) feed.#waiting.set(id, account);
    for await (const { id, state } of feed.#rows(filter, feed.#from)) if (state !== "new") feed.#told.add(id);
    return feed;
  }

  /** Those that came to fit since, oldest first, and only what was decided, so that each is the whole story. */
  async *next(): AsyncGenerator<JournalEntry> {
    const known = await this.#known();
    // Asked before rows are listed, so that none ends unseen between.
    const unended = await this.#unended();
    // What fitted, and is sent through the gates again, comes to fit anew.
    if (!this.#isWhole) for (const { id } of unended) this.#told.delete(id);
    yield* this.#ended(new Set(unended.map(({ id }) => id)));
    // An account that nobody serves decides nothing; the others go on.
    const held = new Set(this.#isWhole ? this.#waiting.values() : []);
    let firstHeld = Number.POSITIVE_INFINITY;
    for await (const entry of this.#rows(this.filter, this.#from)) {
      const { id, account, state } = entry;
      if (this.#told.has(id)) continue;
      if (state === "new") held.add(account);
      else if (held.has(account)) firstHeld = Math.min(firstHeld, id);
      else {
        this.#told.add(id);
        yield entry;
      }
    }
    this.#advance(Math.min(known, firstHeld - 1), unended);
  }

  /** Those that waited, and came to fit by their end. */
  async *#ended(unended: ReadonlySet<number>): AsyncGenerator<JournalEntry> {
    for (const id of [...this.#waiting.keys()].sort((a, b) => a - b)) {
      if (unended.has(id)) continue;
      const one = { after: id - 1, before: id + 1, limit: 1 };
      const [entry] = await this.store.journal.list({ ...this.filter, ...one });
      if (entry?.state === "new") continue;
      this.#waiting.delete(id);
      if (entry) yield entry;
    }
  }

  #advance(to: number, unended: readonly JournalEntry[]): void {
    const before = this.#from;
    this.#from = Math.max(before, to);
    for (const { id, account } of unended) {
      const isNew = id > before || !this.#isWhole;
      if (id <= this.#from && isNew && !this.#told.has(id)) this.#waiting.set(id, account);
    }
    for (const id of this.#told) if (id <= this.#from) this.#told.delete(id);
  }

  /** Rows that have no end yet. */
  async #unended(): Promise<JournalEntry[]> {
    const { account, chatId, chatIdentifier, own } = this.filter;
    const asked = Object.entries({ account, chatId, chatIdentifier, own });
    const place = Object.fromEntries(asked.filter(([, value]) => value !== undefined));
    const states: JournalState[] = this.#isWhole ? ["new"] : ["new", "decided", "in_turn"];
    const found: JournalEntry[] = [];
    for (const state of states)
      for await (const entry of this.#rows({ ...place, state }, 0)) found.push(entry);
    return found;
  }

  async *#rows(filter: Omit<JournalFilter, "limit">, from: number): AsyncGenerator<JournalEntry> {
    let after = from;
    let read: JournalEntry[];
    do {
      read = await this.store.journal.list({ ...filter, after, oldestFirst: true, limit: page });
      yield* read;
      after = read.at(-1)?.id ?? after;
    } while (read.length === page);
  }

  /** Up to which row all were written. */
  async #known(): Promise<number> {
    const [newest] = await this.store.journal.list({ own: true, limit: 1 });
    return Math.max(0, (newest?.id ?? 0) - outOfOrder);
  }
}
