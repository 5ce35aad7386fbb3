import type { Chat, MessageRow, StyledRun, Target } from "../conversation/index.js";
import type { Result, TapbackError } from "../platform/index.js";
import type { MacActions } from "./abilities.js";
import type { BridgeError } from "./error.js";

/** What a send asks for. Exactly one target; text, a file, or both where the build can. */
export interface SendRequest {
  target: Target;
  text?: string;
  /** Absolute path on this machine; copied to the Mac first where that is another one. */
  file?: string;
  /** Which way it goes: the private API, AppleScript, or whichever works. */
  transport?: "auto" | "bridge" | "applescript";
  /** ISO 3166 alpha-2, for numbers without `+`. */
  region?: string;
  /** GUID of the message that this one answers, where the build can. */
  replyTo?: string;
  /** How the text looks; left out where the build cannot, or while it is not known whether it can. */
  runs?: StyledRun[];
  /** Full id of an effect. */
  effect?: string;
  /** The file is a voice message; a text beside it says the same, and goes where that cannot. */
  voice?: boolean;
  /**
   * The GUID that the message gets, in lower case (behaviour 10.1): a text that goes only where a repeat under the same GUID
   * cannot double it. Where that is not possible the answer is `not_sent`.
   */
  attemptId?: string;
  /** The send fails rather than lose its reply, effect or voice: somebody asked for them. */
  strict?: boolean;
}

/**
 * What is known after a send was answered. Without `guid` and `rowId` Messages took it, but its row was not seen.
 * A `guid` without `rowId` may be that of the chat's previous message (imsg 0.9 over the private API, protocol
 * reference 3.5): it proves nothing before the row was seen.
 */
export interface SendReceipt {
  guid?: string;
  rowId?: number;
  transport?: string;
}

/**
 * Outcome of {@link Bridge.send}. After a failure `error.disposition` alone says what may be done next:
 * `not_sent` may be repeated when `error.retryable`; `unknown` must be looked for in the history first.
 */
export type SendResult = { ok: true; value: SendReceipt } | { ok: false; error: BridgeError };

/**
 * A disturbance from its first failure until five minutes of health: all restarts within it are one incident, so that
 * people are told once.
 */
export interface BridgeIncident {
  /** Counts up from 1 within one bridge. */
  id: number;
  /** True when this error's code is new in the incident: worth a warning. */
  first: boolean;
  /** Failures so far. */
  attempt: number;
  error: BridgeError;
  /** How long it takes until the next try, milliseconds. */
  retryInMs: number;
}

/** What a Mac tells beside rows. */
export type MacEvent =
  /** Somebody types in a chat, or stopped. */
  | { kind: "typing"; chatGuid: string; on: boolean }
  /** Nothing is told until more follows: what was told last may have ended meanwhile. */
  | { kind: "events-ended" }
  /** An address of the account is gone. */
  | { kind: "addresses-lost" }
  /** The private API is there again, or is gone. */
  | { kind: "private-api"; available: boolean; message: string; remedy?: string };

/** What a bridge tells about itself as it happens. The callbacks must not throw. */
export interface BridgeEvents {
  /** A row was reported; mostly in the order of row ids, and possibly more than once. */
  row(row: MessageRow): void;
  /** Something was reported that does not fit the protocol: what is wrong, and the row's ids where readable. */
  malformed(problem: { detail: string; rowId?: number; guid?: string }): void;
  /** Messages told something by itself, or was found to have changed. */
  told?(event: MacEvent): void;
  /** The state changed. `incident` is given when something failed, also when the state stays `starting`. */
  state(state: BridgeState, incident?: BridgeIncident): void;
}

/**
 * - `starting`: the child is being started or subscribed; reads are already answered.
 * - `live`: subscribed and answering.
 * - `waiting`: down; the next start is scheduled.
 * - `stopped`: stopped on purpose.
 */
export type BridgeState = "starting" | "live" | "waiting" | "stopped";

/** What was last proved, for health by stage (behaviour 16.1); times in milliseconds since the epoch. */
export interface BridgeHealth {
  state: BridgeState;
  /** Process id of the running child; absent when there is none. */
  pid?: number;
  /** Start of the running child. */
  startedAt?: number;
  /** When it became live. */
  liveAt?: number;
  /** The child's last answer of any kind. */
  answeredAt?: number;
  /** Since when its oldest request waits for an answer; absent when none does. */
  waitingSince?: number;
  /** The last read of the database that succeeded. */
  databaseAt?: number;
  /** Why the last read failed; absent when it succeeded. */
  databaseError?: BridgeError;
  /** The last row. */
  rowAt?: number;
  /** Children that had to be replaced since the start. */
  restarts: number;
  /** Lines and rows that did not fit the protocol. */
  malformed: number;
}

/** Filter of a look into a chat's history. */
export interface HistoryQuery {
  chatId: number;
  /** Newest so many rows. */
  limit: number;
  /** Inclusive, milliseconds since the epoch. */
  since?: number;
  /** Exclusive, milliseconds since the epoch. */
  until?: number;
  /** Whether rows carry their attachments; `converted`: with easier variants of them (CAF), where the Mac can make one. */
  attachments?: boolean | "converted";
  /** Gives also rows that could not be understood in full, with their `fault`. */
  faulty?: boolean;
}

/**
 * A Mac with Messages, whatever program speaks for it. One instance per account, one child for everything.
 * All calls reject with a `BridgeError` whose `code` tells what happened; `send` answers with a value instead.
 */
export interface Bridge {
  /** Starts the child, and keeps it alive until {@link stop}. Returns at once; progress comes as events. */
  start(): void;
  /** Ends the child: stdin closed, then SIGTERM, then SIGKILL (behaviour 1.2). */
  stop(): Promise<void>;
  readonly state: BridgeState;
  /** What is known of the child and of what went wrong; asks nobody. */
  health(): BridgeHealth;
  /** Newest activity first. */
  chats(limit: number): Promise<Chat[]>;
  /**
   * Rows behind one in the order of their ids, tapbacks too, at most 500. What belongs to no chat yet is not in it.
   * @returns undefined where the build cannot tell
   */
  rowsAfter(rowId: number): Promise<MessageRow[] | undefined>;
  /** Newest first; tapback rows are not in it. */
  history(query: HistoryQuery): Promise<MessageRow[]>;
  /**
   * The row with the highest id among the newest rows of the chats with the newest activity; undefined when there are no
   * messages. A lower bound: a tapback, or an old message that was stored last (iCloud), may lie above it.
   * @returns `isPartial` when a chat could not be read: its rows may lie far above
   */
  newestRow(): Promise<{ rowId: number; guid: string; isPartial?: boolean } | undefined>;
  /** Sends only while live; otherwise the answer is `not_sent` at once. */
  send(request: SendRequest): Promise<SendResult>;
  /** What this Mac may be able to do beside. */
  readonly actions: MacActions;
  /** The Mac's files, when it is another machine. */
  readonly files?: RemoteFiles;
  /** What is said with the Mac, while somebody asks for it. */
  readonly record?: MarkedRecord;
}

/** A line between the gateway and imsg. */
export interface RecordedFrame {
  /** Milliseconds since the recording began. */
  ms: number;
  to: "imsg" | "gateway";
  frame: Record<string, unknown>;
}

/** Keeps what is said with a Mac of messages that carry a mark, and nothing else (behaviour 13.2). */
export interface MarkedRecord {
  /** Begins anew. @param mark stands in no text of before */
  begin(mark: string): void;
  /** @returns what was kept, and ends */
  end(): RecordedFrame[];
}

/** The part of a bridge that only looks: all that taking messages in needs. */
export type BridgeReader = Omit<Bridge, "actions" | "files" | "record" | "send" | "start" | "stop">;

/** Files of a Mac that is somewhere else (behaviour 7.3); absent for an account on this machine. */
export interface RemoteFiles {
  /** Where paths of the Mac lead to, every link resolved; undefined for one that leads nowhere. */
  locate(paths: string[], signal?: AbortSignal): Promise<Result<(string | undefined)[], TapbackError>>;
  /** Copies a file of the Mac to `into`, an absolute local path that does not exist yet; bounded in bytes and time. */
  fetch(
    path: string,
    into: string,
    limits: { maxBytes: number; timeoutMs: number },
    signal?: AbortSignal,
  ): Promise<Result<void, TapbackError>>;
  /** Copies a local file to an owner-only temporary folder on the Mac. @returns its path there, and what removes it. */
  place(path: string): Promise<Result<{ path: string; remove(): Promise<void> }, TapbackError>>;
}
