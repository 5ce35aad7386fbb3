import type { Config } from "../../config/index.js";
import type { Decision } from "../../conversation/index.js";
import type { AccountRules } from "../../inbound/index.js";
import type { OwnerNotices } from "../../outbound/index.js";
import type { Clock, ErrorCode, Log } from "../../platform/index.js";
import type { Claim, JournalEntry, OutboxItem, Store } from "../../store/index.js";
import type { OpenedTurn } from "../../turns/index.js";

/** What an account at work is made with. */
export interface AccountDeps {
  store: Store;
  clock: Clock;
  log: Log;
  random: () => number;
  /** The configuration that holds now. */
  config: () => Config;
  node: string;
  home: string;
  env: Record<string, string | undefined>;
  stateDir: string;
  notices: OwnerNotices;
  onOpened: (turn: OpenedTurn, rules: AccountRules) => void;
  /** Runs a command that was typed in a chat of this account. @returns words that its sender says to the agent with it */
  onCommand: (
    claim: Claim,
    entry: JournalEntry,
    decision: Decision & { kind: "command" },
    rules: AccountRules,
  ) => Promise<string | undefined>;
  /** Whether a file may go out; the error when not. */
  checkFile: (item: OutboxItem) => Promise<{ code: ErrorCode; message: string } | undefined>;
  /** Told of each send that ended. */
  onSettled: (item: OutboxItem) => void;
}
