import { expandHome, loadConfig } from "../../config/index.js";
import { TapbackError } from "../../platform/index.js";
import type { Context } from "../context.js";
import { type LogsOptions, printLog, logs as serviceLogs } from "./service-logs.js";

/**
 * `tapback logs`: the newest lines of the gateway's log, from the file that the configuration names, else from the service.
 * @throws TapbackError `USAGE`, `SERVICE_MANAGER_FAILED` when the log cannot be read
 */
export async function logs(context: Context, options: LogsOptions): Promise<number> {
  const { env, home, configOption } = context;
  const { lines = "100", follow = false } = options;
  const loaded = await loadConfig({ env, home, path: configOption });
  const file = loaded.ok ? loaded.value.config.logging.file : undefined;
  if (file === undefined) return serviceLogs(context, options);
  if (!/^\d{1,6}$/.test(lines))
    throw new TapbackError("USAGE", `--lines ${lines} is no number of lines`, { hint: "Try --lines 200." });
  const args = ["-n", lines, ...(follow ? ["-F"] : []), expandHome(file, home)];
  return printLog(context, { program: "tail", args }, follow);
}
