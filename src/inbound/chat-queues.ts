/**
 * Work of one chat, one piece after the other in the order in which it came; chats wait for themselves only (behaviour
 * 9.9). A person's chats are one where they share a key.
 */
export class ChatQueues {
  readonly #tails = new Map<string, Promise<void>>();

  /**
   * Adds work behind all that a chat has waiting.
   * @param keys what names the chat, see `chatKeysOf`
   * @returns what the work returns or throws; others go on in any case
   */
  add<T>(keys: readonly string[], work: () => Promise<T>): Promise<T> {
    const before = Promise.all(keys.map((key) => this.#tails.get(key)));
    const done = before.then(work);
    const tail = done.then(
      () => {},
      () => {},
    );
    for (const key of keys) this.#tails.set(key, tail);
    void tail.then(() => {
      for (const key of keys) if (this.#tails.get(key) === tail) this.#tails.delete(key);
    });
    return done;
  }

  /** Settles when nothing waits behind a key. */
  async empty(key: string): Promise<void> {
    await this.#tails.get(key);
  }
}
