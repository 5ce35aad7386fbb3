import type { Chat, MessageRow, Target } from "../conversation/index.js";
import type { TapbackError } from "../platform/index.js";

/** What a send asks for. Exactly one target; text, a file, or both where the build can. */
export interface SendRequest {
  target: Target;
  text?: string;
  /** Absolute path on the machine that runs Messages. */
  file?: string;
  /** Which way it goes: the private API, AppleScript, or whichever works. */
  transport?: "auto" | "bridge" | "applescript";
  /** ISO 3166 alpha-2, for numbers without `+`. */
  region?: string;
  /** GUID of the message that this one answers, where the build can. */
  replyTo?: string;
}

/** What is known after a send was answered. Without `guid` and `rowId` Messages took it, but its row was not seen. */
export interface SendReceipt {
  guid?: string;
  rowId?: number;
  transport?: string;
}

/**
 * A send that was not answered with success. What may be done next follows from `disposition` alone:
 * - `not_sent`: surely nothing left; safe to repeat when `error.retryable`.
 * - `unknown`: it may have left; look in the history before anything else.
 */
export interface SendFailure {
  disposition: "not_sent" | "unknown";
  error: TapbackError;
}

/** Outcome of {@link Bridge.send}. */
export type SendResult = { ok: true; value: SendReceipt } | { ok: false; error: SendFailure };

/** What a bridge tells about itself as it happens. */
export interface BridgeEvents {
  /** A row was reported; in the order of row ids within one subscription, but possibly twice after a restart. */
  row(row: MessageRow): void;
  /** A row was reported that does not fit the protocol: what is wrong with it, and its id where readable. */
  malformed(problem: { detail: string; rowId?: number; guid?: string }): void;
  /** The state changed; `detail` says why in one sentence when it is not `live`. */
  state(state: BridgeState, error?: TapbackError): void;
}

/**
 * - `starting`: the child is being started or subscribed.
 * - `live`: subscribed and answering.
 * - `waiting`: down; the next start is scheduled.
 * - `stopped`: stopped on purpose.
 */
export type BridgeState = "starting" | "live" | "waiting" | "stopped";

/** Where a subscription starts, asked at each (re)start. */
export interface SubscriptionStart {
  /** Exclusive; always positive, or -1 to replay everything. Never 0 (protocol reference 12, row 2). */
  sinceRowId: number;
}

/** Filter of a look into a chat's history. */
export interface HistoryQuery {
  chatId: number;
  /** Newest so many rows. */
  limit: number;
  /** Inclusive, milliseconds since the epoch. */
  since?: number;
  attachments?: boolean;
}

/**
 * A Mac with Messages, whatever program speaks for it. One instance per account, one child for everything.
 * All calls reject with a `TapbackError` whose `code` tells what happened; `send` answers with a value instead.
 */
export interface Bridge {
  /** Starts the child, and keeps it alive until {@link stop}. Returns at once; progress comes as events. */
  start(): void;
  /** Ends the child: stdin closed, then SIGTERM, then SIGKILL (behaviour 1.2). */
  stop(): Promise<void>;
  readonly state: BridgeState;
  /** Process id of the running child; undefined when there is none. */
  readonly pid: number | undefined;
  chats(limit: number): Promise<Chat[]>;
  /** Newest first; tapback rows are not in it. */
  history(query: HistoryQuery): Promise<MessageRow[]>;
  send(request: SendRequest): Promise<SendResult>;
}
