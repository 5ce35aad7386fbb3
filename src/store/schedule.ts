import type { Envelope } from "../conversation/index.js";
import type { HeldDraft } from "./drafts.js";
import type { NewOutboxItem } from "./outbox.js";
import type { NewTurn } from "./turns.js";

/** When a schedule comes again. */
export interface Repeat {
  /** A cron line of five fields. */
  cron: string;
  /** IANA name of the zone whose clock it means. */
  zone: string;
}

/** Who made a schedule, and in which conversation. */
export interface ScheduleMaker {
  handle: string;
  name?: string | undefined;
  /** Whether the turn that made it was an owner's: it never gets more rights than that. */
  isOwner: boolean;
  /** As the envelope of that turn named it. */
  chat: Envelope["chat"];
}

export interface ScheduledMessage {
  id: string;
  account: string;
  sessionKey: string;
  /** What is sent, and where; of a turn the text is what its agent is asked. */
  item: NewOutboxItem;
  dueAt: number;
  createdAt: number;
  /** Absent: it comes once. */
  repeat?: Repeat | undefined;
  /** Whether an agent is asked and answers, instead of the text being sent as it stands. */
  runsTurn?: boolean | undefined;
  /** Absent where an older version made it. */
  maker?: ScheduleMaker | undefined;
}

/** What one run of a schedule leads to. */
export interface ScheduledRun {
  /** What is sent, or told to owners instead. */
  items: NewOutboxItem[];
  /** What of it waits for an owner's yes instead (behaviour 18.1). */
  holds?: HeldDraft[];
  /** The turn that is queued. */
  turn?: NewTurn | undefined;
  /** When it comes again, milliseconds since the epoch; absent: never, it has ended. */
  next?: number | undefined;
}

/** When something is added to the schedule. */
export interface ScheduleTerms {
  /** So many may wait in its conversation, this one included; absent: any number. */
  most?: number;
  /** The run that adds it (`Turn.attempt`); absent where no turn does. */
  by?: { turnId: string; run: number };
}

export interface ScheduleStore {
  /**
   * A message whose id is known already, whatever became of it, is not added again.
   * @returns false when as many wait already as may: nothing is added then
   * @throws (rejects) `NO_TURN` when its turn is over, was ended by somebody, or another run of it has begun, here or elsewhere
   */
  add(message: ScheduledMessage, terms?: ScheduleTerms): Promise<boolean>;
  /** Those that wait, the next one first. */
  list(): Promise<ScheduledMessage[]>;
  /** @returns false when it does not wait (any more) */
  cancel(id: string): Promise<boolean>;
  /** @param except accounts whose messages do not count */
  nextDue(except?: readonly string[]): Promise<number | undefined>;
  /**
   * Hands over one run and says when the next one comes, in one commit.
   * @param run what waited, with the time that it was due at
   * @returns false when that run does not wait (any more): nothing is done then
   */
  hand(run: Pick<ScheduledMessage, "id" | "dueAt">, to: ScheduledRun, at: number): Promise<boolean>;
}
