import { type Log, version } from "../platform/index.js";

/** Says that the gateway is up. @param accounts how many it serves */
export function announce(log: Log, state: string, accounts: number): void {
  log.info(`tapback ${version} is up`, { pid: process.pid, state, accounts });
  if (accounts > 0) return;
  log.warn(
    "no account is enabled, so nothing is served; run `tapback init`, or add channels.imessage to the configuration",
  );
}
