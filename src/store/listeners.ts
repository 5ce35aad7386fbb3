import { AccountListeners } from "./account-listeners.js";
import type { Topic } from "./changes.js";

/** Whoever waits for changes of a store, by topic; senders by what waits in their account. */
export class Listeners {
  readonly #byTopic = new Map<Topic, Set<() => void>>();
  readonly #senders: AccountListeners;

  /** @param accountsThatSend asks for the accounts that have sends which wait */
  constructor(accountsThatSend: () => readonly string[] | Promise<readonly string[]>) {
    this.#senders = new AccountListeners(accountsThatSend);
  }

  /** Whether nobody waits for anything. */
  get isEmpty(): boolean {
    return [...this.#byTopic.values(), this.#senders].every(({ size }) => size === 0);
  }

  /** Whether somebody waits for a topic. */
  has(topic: Topic): boolean {
    return (this.#byTopic.get(topic)?.size ?? 0) > 0;
  }

  /** As the contract's `watch`. @returns what ends it */
  add(topic: Topic, listener: () => void, account?: string): () => void {
    if (account !== undefined && topic === "outbox") return this.#senders.add(listener, account);
    const listeners = this.#byTopic.get(topic) ?? new Set();
    this.#byTopic.set(topic, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** Tells those of these topics. */
  tell(topics: Iterable<Topic>): void {
    for (const topic of topics) {
      for (const listener of this.#byTopic.get(topic) ?? []) listener();
      if (topic === "outbox") void this.#senders.tell();
    }
  }

  /** Tells everybody: what changed is not known. */
  tellAll(): void {
    this.tell(new Set([...this.#byTopic.keys(), "outbox"] as const));
  }
}
