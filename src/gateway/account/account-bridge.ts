import {
  type Bridge,
  type BridgeIncident,
  type BridgeState,
  ImsgBridge,
  SshFiles,
} from "../../bridge/index.js";
import { type Account, accountFile } from "../../config/index.js";
import type { MessageRow } from "../../conversation/index.js";
import { messageOf } from "../../platform/index.js";
import type { GatewayTimes } from "../times.js";
import type { AccountDeps } from "./account-deps.js";
import { commandOf } from "./probe.js";
import { wayTo } from "./remote-mac.js";

/** What an account's bridge asks for and tells. */
export interface BridgeHooks {
  /** Where to subscribe from, a row id, exclusive. */
  resumeFrom: () => Promise<number>;
  row: (row: MessageRow) => void;
  state: (state: BridgeState, incident: BridgeIncident | undefined) => void;
}

/** Makes the bridge of an account; its child is started later. */
export function openBridge(
  account: Account,
  { clock, log, surroundings }: Pick<AccountDeps, "clock" | "log" | "surroundings">,
  times: GatewayTimes["bridge"],
  { resumeFrom, row, state }: BridgeHooks,
): Bridge {
  const { random, home, env, stateDir } = surroundings;
  const { mac } = wayTo(account, home, env);
  const files = mac && new SshFiles(mac);
  let swept = files === undefined;
  const sweep = () => {
    swept = true;
    files?.sweep().catch((error) => log.debug(`old folders on the Mac: ${messageOf(error)}`));
  };
  return new ImsgBridge(commandOf(account, home, env), {
    ...(files && { files }),
    subscription: { resumeFrom, debounceMs: account.watchDebounceMs },
    times: { ...times, probeMs: account.probeTimeoutMs },
    recordPath: accountFile(stateDir, "child", account.id),
    clock,
    random,
    log: (line) => log.debug(`imsg: ${line}`),
    events: {
      row,
      malformed: (problem) =>
        log.warn(`imsg reported something that does not fit its protocol: ${problem.detail}`, {
          rowId: problem.rowId,
        }),
      state: (next, incident) => {
        if (next === "live" && !swept) sweep();
        state(next, incident);
      },
    },
  });
}
