import { type Log, messageOf } from "../platform/index.js";
import type { ConnectionState, EventLog } from "../store/index.js";

/** An account's connection stands in no table: that it changed is kept by itself, while anybody reads. */
export function noteConnection(
  events: EventLog,
  { account, at, state, error }: ConnectionState & { account: string; at: number },
  log: Log,
): void {
  events
    .noteHealth(account, { state, ...(error && { error }) }, at)
    .catch((why) => log.warn(`an event was not kept: ${messageOf(why)}`));
}
