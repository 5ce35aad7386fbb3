/**
 * Listeners of one topic of which each has an account. A commit says the topic alone: whose it may be is looked up once for all of
 * them, where each would look for itself.
 */
export class AccountListeners {
  readonly #listeners = new Map<() => void, string>();

  /** @param open asks for the accounts that have something which a listener may be waiting for */
  constructor(private readonly open: () => readonly string[] | Promise<readonly string[]>) {}

  get size(): number {
    return this.#listeners.size;
  }

  /** @returns what ends it */
  add(listener: () => void, account: string): () => void {
    // The same function may listen twice.
    const own = () => listener();
    this.#listeners.set(own, account);
    return () => this.#listeners.delete(own);
  }

  /** Something changed. A hint that cannot be narrowed down is given to all. */
  async tell(): Promise<void> {
    const accounts = this.size > 1 ? await this.#open() : undefined;
    for (const [listener, account] of this.#listeners)
      if (accounts === undefined || accounts.has(account)) listener();
  }

  async #open(): Promise<Set<string> | undefined> {
    try {
      return new Set(await this.open());
    } catch {
      return undefined;
    }
  }
}
