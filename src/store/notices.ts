import type { NewOutboxItem } from "./outbox.js";

/** Something that the owner is to know. */
export interface NewNotice {
  /** What happened where, e.g. `turn_failed chat:7`: told once in a window. */
  key: string;
  /** Milliseconds in which the same key is not told again. */
  windowMs: number;
  items: NewOutboxItem[];
}

export interface NoticeStore {
  /** Puts a notice into the outbox, unless its key was told within the window. @returns whether it was */
  post(account: string, notice: NewNotice, at: number): Promise<boolean>;
}
