import type { NewOutboxItem } from "./outbox.js";

/** Something that was done in a chat beside plain sends (behaviour 11). `running` after a crash: nobody knows. */
export interface ActionRecord {
  id: number;
  account: string;
  /** Absent when a person at the command line, or a program, asked. */
  turnId?: string;
  /** Under which a program asked for it, one action of an account each; kept longer than what it says. */
  key?: string;
  /** Who asked, where that is neither a turn nor a person at the command line: `token NAME` (behaviour 20.1). */
  askedBy?: string;
  /** The conversation, in the form of behaviour 8.3. */
  chat: string;
  name: string;
  parameters: Record<string, unknown>;
  state: "running" | "done" | "failed" | "unknown";
  beganAt: number;
  endedAt?: number;
  facts?: Record<string, unknown>;
  /** Its code is what was written then, perhaps by another version. */
  error?: { code: string; message: string };
  /** Outbox items that carry it, for actions that send. */
  items: number[];
}

/** An action that begins. */
export interface NewAction
  extends Pick<ActionRecord, "account" | "turnId" | "key" | "askedBy" | "chat" | "name" | "parameters"> {
  /** Which run of its turn asks for it (`Turn.attempt`). */
  run?: number;
}

export interface ActionLog {
  /**
   * Notes that an action begins, before it is tried, and puts what it sends into the outbox in the same commit.
   * @param repeat 0 for a turn's first action with this name and these parameters in this conversation, 1 for the next: a
   *   turn that runs again after a crash finds what it did. One that surely failed begins anew.
   *   So it is with an action that has a key, whatever its parameters; of one that sends every message must surely not have gone.
   * @throws (rejects) `NO_TURN` when the turn is over, was ended by somebody, or another run of it has begun, here or elsewhere
   * @returns `earlier` when this action of this turn, or with this key, was begun before and may have happened: it must not be
   *   done again
   */
  begin(
    action: NewAction,
    repeat: number,
    sends: NewOutboxItem[],
    at: number,
  ): Promise<{ id: number; items: number[]; earlier?: ActionRecord }>;
  /** Stores what became of an action. @param at milliseconds since the epoch */
  end(
    id: number,
    end: Pick<ActionRecord, "facts" | "error"> & { state: "done" | "failed" | "unknown" },
    at: number,
  ): Promise<void>;
  /** What was begun under a name in a conversation, by whatever turn, oldest first. @param chat in the form of behaviour 8.3 */
  inChat(account: string, chat: string, name: string): Promise<ActionRecord[]>;
  /** The actions that a turn began, in their order. */
  ofTurn(turnId: string): Promise<ActionRecord[]>;
  /** Who asked for what an item of the outbox carries, as {@link ActionRecord.askedBy}. */
  askerOf(account: string, item: number): Promise<string | undefined>;
  /** The action with a key. */
  ofKey(account: string, key: string): Promise<ActionRecord | undefined>;
}
