import type { Log } from "../../platform/index.js";

/** A log whose every line names the account. */
export function logOfAccount(log: Log, account: string): Log {
  const named =
    (level: keyof Log) =>
    (message: string, fields: Record<string, unknown> = {}) =>
      log[level](message, { account, ...fields });
  return { debug: named("debug"), info: named("info"), warn: named("warn"), error: named("error") };
}
