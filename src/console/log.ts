import type { Config } from "../config/index.js";
import { type Clock, KeptLog, type Log } from "../platform/index.js";

/** A log whose newest lines are kept while the console may show them. @param config as it is now */
export function consoleLog(log: Log, clock: Clock, config: () => Config): KeptLog {
  return new KeptLog(log, clock, () => {
    const { gateway, logging } = config();
    return gateway.console.enabled ? logging.level : undefined;
  });
}
