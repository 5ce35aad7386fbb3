import type { AccountStore } from "./accounts.js";
import type { ActionLog } from "./actions.js";
import type { AllowanceStore } from "./allowance.js";
import type { BindingStore } from "./bindings.js";
import type { BlobStore } from "./blobs.js";
import type { Topic } from "./changes.js";
import type { DraftStore } from "./drafts.js";
import type { EnrolmentStore } from "./enrolment.js";
import type { ErrandStore } from "./errands.js";
import type { EventLog } from "./events.js";
import type { GateStore } from "./gate.js";
import type { GroupSessionStore } from "./group-sessions.js";
import type { StoreHealth } from "./health.js";
import type { Journal } from "./journal.js";
import type { NodeStore } from "./nodes.js";
import type { NoticeStore } from "./notices.js";
import type { OutboxStore } from "./outbox.js";
import type { PairingStore } from "./pairing.js";
import type { PeopleStore } from "./people.js";
import type { QuestionStore } from "./questions.js";
import type { ScheduleStore } from "./schedule.js";
import type { TokenStore } from "./tokens.js";
import type { TurnStore } from "./turns.js";

/**
 * The state of a gateway, in the domain's words. Every write survives the death of the process when its promise resolves;
 * what a send or a person's answer follows from is on the disk by then, with all before it. Each method is one
 * transaction: what belongs together is one call. Two writes made without awaiting between them keep their order; a read sees what had
 * resolved when it was called.
 *
 * Work is done under a claim; a write on its behalf answers `ok`, or `lost` when somebody else has taken over since.
 * Repeating a write whose answer was lost answers `ok` again.
 *
 * Times (`at`, `before`, `dueAt`) are milliseconds since the epoch by this machine's clock; when a row was sent, by the Mac's.
 */
export interface Store {
  readonly accounts: AccountStore;
  readonly gate: GateStore;
  readonly journal: Journal;
  readonly turns: TurnStore;
  readonly allowance: AllowanceStore;
  readonly outbox: OutboxStore;
  readonly actions: ActionLog;
  readonly pairing: PairingStore;
  readonly people: PeopleStore;
  readonly enrolment: EnrolmentStore;
  readonly notices: NoticeStore;
  readonly schedule: ScheduleStore;
  readonly questions: QuestionStore;
  readonly drafts: DraftStore;
  readonly bindings: BindingStore;
  readonly groupSessions: GroupSessionStore;
  readonly events: EventLog;
  readonly tokens: TokenStore;
  /** The processes that share the state; absent where it is one gateway's alone, as its state lock proves. */
  readonly nodes?: NodeStore;
  /** Absent where one process has the state to itself: then its turns run where their accounts are. */
  readonly errands?: ErrandStore;
  /** Absent where {@link errands} are. */
  readonly blobs?: BlobStore;
  /**
   * A hint that something of the topic may have changed, also by another process; never proof. There is a poll behind
   * it, so that a missed hint costs at most a second.
   * @param account of a listener to `outbox` that cares for one account's sends alone: where several do, it is told while there
   * are any that wait
   * @returns the function that stops it
   */
  watch(topic: Topic, listener: () => void, account?: string): () => void;
  /** Looks for other processes' writes now: one of them said that there are some. */
  checkForChanges(): void;
  /**
   * Resolves when the disk has every write that had resolved: to be awaited before anything outside of the state relies on them.
   * @throws `STORE_FULL`, `STORE_UNAVAILABLE`
   */
  toDisk(): Promise<void>;
  /** What the last write came to. */
  health(): StoreHealth;
  /** Finds out whether a write is kept now. @returns what it came to; never rejects */
  probe(): Promise<StoreHealth>;
  /** @param settle also brings the state into its lasting form, where that takes a moment: for the end of a gateway */
  close(options?: { settle?: boolean }): Promise<void>;
}
