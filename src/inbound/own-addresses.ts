import { type MessageRow, normalizeHandle } from "../conversation/index.js";
import type { Store } from "../store/index.js";

/** Rows looked at when an account starts; a Mac has a handful of addresses, and each row names one. */
const looked = 200;

/** The account's own addresses, learned from the rows that name theirs, for rows that do not (protocol reference 9.5). */
export class OwnAddresses {
  readonly #known = new Set<string>();

  constructor(store: Store, account: string) {
    for (const { row } of store.journal.list({ account, own: true, limit: looked })) this.learn(row);
  }

  get all(): readonly string[] {
    return [...this.#known];
  }

  learn({ destination }: MessageRow): void {
    if (destination) this.#known.add(normalizeHandle(destination));
  }
}
