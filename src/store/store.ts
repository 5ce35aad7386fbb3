import type { BindingStore, QuestionStore } from "./agents.js";
import type {
  AccountStore,
  Journal,
  OutboxStore,
  PairingStore,
  ScheduleStore,
  Topic,
  TurnStore,
} from "./contract.js";

/**
 * The state of a gateway, in the domain's words. Every write is durable when its promise resolves, and each method is
 * one transaction: what belongs together is one call. Two calls made without awaiting between them keep their order.
 *
 * Work is done under a claim; a write on its behalf answers `ok`, or `lost` when somebody else has taken over since.
 * Repeating a write whose answer was lost answers `ok` again.
 */
export interface Store {
  readonly accounts: AccountStore;
  readonly journal: Journal;
  readonly turns: TurnStore;
  readonly outbox: OutboxStore;
  readonly pairing: PairingStore;
  readonly schedule: ScheduleStore;
  readonly questions: QuestionStore;
  readonly bindings: BindingStore;
  /**
   * A hint that something of the topic may have changed, also by another process; never proof. There is a poll behind
   * it, so that a missed hint costs at most a second.
   * @returns the function that stops it
   */
  watch(topic: Topic, listener: () => void): () => void;
  close(): Promise<void>;
}
