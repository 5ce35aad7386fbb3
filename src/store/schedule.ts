import type { NewOutboxItem } from "./outbox.js";

export interface ScheduledMessage {
  id: string;
  account: string;
  sessionKey: string;
  item: NewOutboxItem;
  dueAt: number;
  createdAt: number;
}

export interface ScheduleStore {
  /** A message whose id is known already, whatever became of it, is not added again. */
  add(message: ScheduledMessage): Promise<void>;
  /** Those that wait, the next one first. */
  list(sessionKey?: string): Promise<ScheduledMessage[]>;
  /** @returns false when it does not wait (any more) */
  cancel(id: string): Promise<boolean>;
  /** @param except accounts whose messages do not count */
  nextDue(except?: readonly string[]): Promise<number | undefined>;
  /** Moves what is due into the outbox, in one commit. @param except accounts whose messages go on waiting @returns how many */
  release(at: number, except?: readonly string[]): Promise<number>;
  /** Ends a message that is not sent any more, together with the notices that say so. */
  expire(id: string, notices: NewOutboxItem[], at: number): Promise<void>;
}
