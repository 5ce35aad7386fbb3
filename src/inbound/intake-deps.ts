import type { BridgeReader } from "../bridge/index.js";
import type { Decision, MessageRow } from "../conversation/index.js";
import type { Clock, Log } from "../platform/index.js";
import type { Arrival, Claim, JournalEntry, Store } from "../store/index.js";
import type { OpenedTurn } from "../turns/index.js";
import type { Span } from "./facts.js";
import type { AccountRules } from "./rules.js";

/** What taking rows in needs from the account that it serves. */
export interface IntakeDeps {
  store: Store;
  bridge: BridgeReader;
  claim: Claim;
  clock: Clock;
  log: Log;
  rules: () => AccountRules;
  /** Rows written between these two times were missed on purpose (stopped, catch-up off); undefined when none were. */
  missed: Span | undefined;
  /** When imsg was away while this account ran; rows written then are not late (behaviour 9.4). */
  outages: () => readonly Span[];
  /** Runs a command that was typed in the chat. @returns words that its sender says to the agent with it */
  onCommand: (entry: JournalEntry, decision: Decision & { kind: "command" }) => Promise<string | undefined>;
  /** A row was journaled that was not there before. */
  onArrived: (row: MessageRow, arrival: Arrival) => void;
  /** Told of each decision, before it is carried out. */
  onDecided: (entry: JournalEntry, decision: Decision) => void;
  /** Told when a turn was queued. */
  onOpened: (turn: OpenedTurn) => void;
  /** A row was refused because it came too late (behaviour 9.5). */
  onMissed: () => void;
  /** A chat answers itself and is left alone for a while (behaviour 9.2). */
  onLoop: (row: MessageRow) => void;
}
