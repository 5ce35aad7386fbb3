import type { MessageActions } from "../actions/index.js";
import type { Bridge } from "../bridge/index.js";
import type { Account } from "../config/index.js";
import type { Claim, Turn, TurnEnd } from "../store/index.js";
import type { TurnRules } from "./turn-rules.js";

/** What turns need of the account that they belong to, while it is at work. */
export interface TurnAccount {
  /** The settings that hold now. */
  readonly settings: Account;
  /** What the configuration says now about its turns. */
  readonly rules: TurnRules;
  /** This process's right to it; undefined before the start. */
  readonly claim: Claim | undefined;
  /** The way to its Mac; undefined before the start. */
  readonly bridge: Bridge | undefined;
  /** What agents may do beside plain answers; undefined before the start. */
  readonly actions: MessageActions | undefined;
  /** Whether a failed turn is tried again by a later start, so that its sender is not told of the failure yet. */
  isRetried(turn: Turn): Promise<boolean>;
  /** A turn of the account begins. */
  turnStarted(turn: Turn): void;
  /** When a row was written, by our clock: its own time is the Mac's (behaviour 9.5). */
  writtenAt(row: { sentAt: number; receivedAt: number }): number;
  /** Whether its chat sees a typing bubble for a turn. */
  showsBubble(turn: Turn): boolean;
  /** A turn of the account waits again for a session that answers it. */
  turnWaitsAgain(turn: Turn): void;
  /** A turn of the account ended. @param end how, with the error where it failed */
  turnEnded(turn: Turn, end: Pick<TurnEnd, "outcome" | "error">): void;
}
