import type { BridgeReader } from "../bridge/index.js";
import type { Decision, MessageRow } from "../conversation/index.js";
import type { Clock, Log } from "../platform/index.js";
import type { Arrival, Claim, JournalEntry, Store } from "../store/index.js";
import type { OpenedTurn } from "../turns/index.js";
import type { MacClock } from "./mac-clock.js";
import type { AccountRules } from "./rules.js";

/** What every part of an account's inbound side works with. */
export interface InboundDeps {
  store: Store;
  bridge: BridgeReader;
  claim: Claim;
  clock: Clock;
  mac: MacClock;
  log: Log;
}

/** What taking rows in asks, and tells, of the account that it serves. */
export interface IntakeParts {
  rules: () => AccountRules;
  absences: Absences;
  commands: CommandRunner;
  listener: IntakeListener;
}

/** A stretch of time, both ends in milliseconds since the epoch. */
export interface Span {
  from: number;
  to: number;
}

/** When nobody was there to take rows in. */
export interface Absences {
  /** Rows written between these two times were missed on purpose (stopped, catch-up off); undefined when none were. */
  missed: Span | undefined;
  /** When imsg was away while this account ran; rows written then are not late (behaviour 9.4). */
  outages(): readonly Span[];
}

/** Runs commands that were typed in a chat. */
export interface CommandRunner {
  /** @returns words that its sender says to the agent with it */
  run(entry: JournalEntry, decision: Decision & { kind: "command" }): Promise<string | undefined>;
}

/** Hears what becomes of rows. */
export interface IntakeListener {
  /** A row was journaled that was not there before. */
  arrived(row: MessageRow, arrival: Arrival): void;
  /** Told of each decision, before it is carried out. */
  decided(entry: JournalEntry, decision: Decision): void;
  /** The decision about a row, and what follows from it, is in the store. */
  kept(): void;
  /** A turn was queued. */
  opened(turn: OpenedTurn): void;
  /** A row was refused because it came too late (behaviour 9.5). */
  missed(): void;
  /** A chat answers itself and is left alone for a while (behaviour 9.2). */
  looping(row: MessageRow): void;
}
