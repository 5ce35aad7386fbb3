import type { Bridge, BridgeIncident, BridgeState, MacEvent } from "../../bridge/index.js";
import { type Account, accountFile } from "../../config/index.js";
import type { MessageRow } from "../../conversation/index.js";
import type { GatewayTimes } from "../times.js";
import type { AccountDeps } from "./account-deps.js";
import { macOf } from "./mac.js";

/** What an account's bridge asks for and tells. */
export interface BridgeHooks {
  /** Where to subscribe from, a row id, exclusive. */
  resumeFrom: () => Promise<number>;
  row: (row: MessageRow) => void;
  told: (event: MacEvent) => void;
  state: (state: BridgeState, incident: BridgeIncident | undefined) => void;
}

/** Makes the bridge of an account; its child is started later. */
export function openBridge(
  account: Account,
  { clock, log, surroundings }: Pick<AccountDeps, "clock" | "log" | "surroundings">,
  times: GatewayTimes["bridge"],
  { resumeFrom, row, told, state }: BridgeHooks,
): Bridge {
  const { random, home, env, stateDir, startImsg, holds } = surroundings;
  return macOf(account, home, env, startImsg, holds).bridge({
    subscription: { resumeFrom, debounceMs: account.watchDebounceMs },
    times: { ...times, probeMs: account.probeTimeoutMs },
    recordPath: accountFile(stateDir, "child", account.id),
    clock,
    random,
    log: (line) => log.debug(`imsg: ${line}`),
    events: {
      row,
      told,
      malformed: (problem) =>
        log.warn(`imsg reported something that does not fit its protocol: ${problem.detail}`, {
          rowId: problem.rowId,
        }),
      state,
    },
  });
}
