import { type Bridge, ofOneChat } from "../bridge/index.js";
import { crashPoint, type Log } from "../platform/index.js";
import type { Claim, Store } from "../store/index.js";
import { sameDatabase } from "./same-database.js";

export interface ResumePointDeps {
  store: Store;
  bridge: Bridge;
  claim: Claim;
  log: Log;
  /** Catch-up is on: a start hears what is new from now on, and what came before is replayed within its limits. */
  startsAtNewest: boolean;
  /** The highest row number of the database, where that can be seen beside imsg; see `highestRow`. */
  highest: (known: { rowId: number; guid: string }) => number | undefined;
  /** The database is another one; rows since that time (milliseconds since the epoch) may be unknown. */
  onReplaced: (since: number) => void;
}

/** Where an account's subscription begins, at its start and after each restart of the child (behaviour 9.4). */
export class ResumePoint {
  /** Nothing before this row is for the subscription: it is catch-up's, or of another database. */
  #baseline: number | undefined;

  constructor(private readonly deps: ResumePointDeps) {}

  /**
   * @returns never 0, which would lose what comes before the subscription stands (protocol reference 12, row 2)
   * @throws BridgeError
   */
  async get(): Promise<number> {
    const { store, claim } = this.deps;
    if (await this.#isReplaced()) return this.#inOther();
    if (this.deps.startsAtNewest && this.#baseline === undefined) return this.#atNewest();
    const known = await store.accounts.resumePoint(claim.id);
    if (known !== 0) return this.#baseline === undefined ? known : Math.max(known, this.#baseline);
    // An empty Messages is remembered as -1: what comes before the first row is journaled must not count as old.
    const newest = await this.#newest();
    await store.accounts.setCursor(claim, newest);
    crashPoint("account.cursor");
    return newest;
  }

  /** Numbers of rows are those of one database file (protocol reference 9.9). */
  async #isReplaced(): Promise<boolean> {
    const { store, bridge, claim } = this.deps;
    const kind = await sameDatabase(bridge, store, claim.id);
    if (kind !== "unknown") return kind === "other";
    const cursor = await store.accounts.cursor(claim.id);
    if (cursor <= 0) return false;
    // What cannot be read proves nothing (behaviour 9.9).
    const newest = await ofOneChat(bridge.newestRow());
    return newest.ok && !newest.value?.isPartial && this.#highest(newest.value) < cursor;
  }

  /** Another database: neither its whole past nor deafness until its numbers catch up. What came lately is looked for. */
  async #inOther(): Promise<number> {
    const { store, claim, log, onReplaced } = this.deps;
    const newest = await this.#newest();
    log.warn("the Messages database was replaced or restored; listening from its newest row", {
      rowId: newest,
      remedy: "Numbers of chats may have changed: compare groups and chat_id: entries with `imsg chats`.",
    });
    const [last] = await store.journal.list({ account: claim.id, own: true, limit: 1 });
    this.#baseline = newest;
    await store.accounts.setCursor(claim, newest);
    if (last) onReplaced(last.receivedAt);
    return newest;
  }

  async #atNewest(): Promise<number> {
    const { store, claim } = this.deps;
    const cursor = await store.accounts.cursor(claim.id);
    const found = await ofOneChat(this.#newest());
    // Nothing is known to begin at: then only a start that is known already will do.
    if (!found.ok && cursor <= 0) throw found.error;
    const newest = Math.max(cursor || -1, found.ok ? found.value : -1);
    this.#baseline = newest;
    await store.accounts.setCursor(claim, newest);
    return newest;
  }

  /**
   * Nothing that is stored already counts as new. By its time the newest row is not the last one where Messages fetched
   * older ones after it (iCloud): listening from there would report all of those first, for hours.
   * @returns -1 when there are no messages, see {@link get}
   */
  async #newest(): Promise<number> {
    return this.#highest(await this.deps.bridge.newestRow());
  }

  #highest(newest: { rowId: number; guid: string } | undefined): number {
    return newest ? Math.max(newest.rowId, this.deps.highest(newest) ?? 0) : -1;
  }
}
