import { type Chat, type MessageRow, normalizeHandle } from "../conversation/index.js";
import type { Store } from "../store/index.js";

/**
 * The account's own addresses, all that were ever seen (behaviour 9.2): where rows say that they were sent to, and what
 * lists of chats name as login and address. A chat with any of them is one with oneself (protocol reference 9.5).
 */
export class OwnAddresses {
  /** Replaced when it grows, so that the facts of all rows share it. */
  #all: readonly string[] = [];
  #loaded: Promise<void> | undefined;

  constructor(
    private readonly store: Pick<Store, "accounts">,
    private readonly account: string,
  ) {}

  /** All addresses of the account that were seen, by earlier runs too. */
  async all(): Promise<readonly string[]> {
    this.#loaded ??= this.#load();
    await this.#loaded;
    return this.#all;
  }

  /** Learns the address that a row was sent to. */
  learnFromRow({ destination }: MessageRow): void {
    if (destination) this.#learn([destination]);
  }

  /** Learns the addresses that entries of the list of chats name. */
  learnFromChats(chats: readonly Chat[]): void {
    this.#learn(chats.flatMap(({ ownAddresses = [] }) => ownAddresses));
  }

  async #load(): Promise<void> {
    this.#learn(await this.store.accounts.ownAddresses(this.account));
  }

  #learn(addresses: readonly string[]): void {
    const more = new Set(addresses.map((address) => normalizeHandle(address)));
    for (const known of this.#all) more.delete(known);
    if (more.size > 0) this.#all = [...this.#all, ...more];
  }
}
