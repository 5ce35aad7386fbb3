import type { Bridge } from "../../bridge/index.js";
import type { ChatCommands } from "../../commands/index.js";
import type { Config } from "../../config/index.js";
import type { OwnerNotices } from "../../outbound/index.js";
import type { Clock, Log, Surroundings } from "../../platform/index.js";
import type { Claim, RetryingStore, Store } from "../../store/index.js";
import type { TurnWork } from "../../turns/index.js";

/** What an account at work is made with. */
export interface AccountDeps {
  /** All work waits for the disk; what people ask does not. */
  storage: RetryingStore;
  clock: Clock;
  log: Log;
  /** The configuration that holds now. */
  config: () => Config;
  surroundings: Surroundings;
  notices: OwnerNotices;
  commands: ChatCommands;
  turns: Pick<TurnWork, "opened" | "heard" | "fileOf" | "settled" | "live">;
}

/** What every part of an account works with, once this process has claimed it. */
export interface ClaimedAccount {
  store: Store;
  bridge: Bridge;
  claim: Claim;
  clock: Clock;
  /** A log whose lines name the account. */
  log: Log;
}
