import { type MessageRow, normalizeHandle } from "../conversation/index.js";
import type { Store } from "../store/index.js";

/** Rows looked at when an account starts; a Mac has a handful of addresses, and each row names one. */
const looked = 200;

/** The account's own addresses, learned from the rows that name theirs, for rows that do not (protocol reference 9.5). */
export class OwnAddresses {
  /** Replaced when it grows, so that the facts of all rows share it. */
  #all: readonly string[] = [];

  /** As the rows of earlier runs tell. */
  static async load(store: Store, account: string): Promise<OwnAddresses> {
    const own = new OwnAddresses();
    for (const { row } of await store.journal.list({ account, own: true, limit: looked })) own.learn(row);
    return own;
  }

  get all(): readonly string[] {
    return this.#all;
  }

  learn({ destination }: MessageRow): void {
    if (!destination) return;
    const address = normalizeHandle(destination);
    if (!this.#all.includes(address)) this.#all = [...this.#all, address];
  }
}
