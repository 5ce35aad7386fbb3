import { type Config, defaultAccountId } from "../config/index.js";
import { type Log, version } from "../platform/index.js";

/** Says that the gateway is up. @param accounts how many it serves */
export function announce(log: Log, state: string, accounts: number): void {
  log.info(`tapback ${version} is up`, { pid: process.pid, state, accounts });
  if (accounts > 0) return;
  log.warn(
    "no account is enabled, so nothing is served; run `tapback init`, or add channels.imessage to the configuration",
  );
}

/** Tells of a change of the configuration that is taken in, and of what it brings that nobody may expect. @param changed keys */
export function announceChange(log: Log, current: Config, next: Config, changed: readonly string[]): void {
  log.info(`configuration changed: ${changed.join(", ")}`);
  const [earlier, fallback] = [defaultAccountId(current), defaultAccountId(next)];
  if (earlier !== fallback)
    log.warn(`the default account is ${fallback} now: its groups and those of ${earlier} begin new sessions`);
  if (next.store.url !== current.store.url) log.warn("store.url holds from the next start of the gateway");
}
