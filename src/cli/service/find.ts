import { join } from "node:path";
import { findProgram, TapbackError } from "../../platform/index.js";
import type { Context } from "../context.js";
import { launchdService } from "./launchd.js";
import type { ServiceManager } from "./manager.js";
import { servicePlan } from "./plan.js";
import { systemdService } from "./systemd.js";

/**
 * The service manager of this machine, with the gateway's service as it would be installed now.
 * @throws TapbackError `SERVICE_MANAGER_MISSING`
 */
export function serviceManager(context: Context): ServiceManager {
  const { env, home } = context;
  const plan = servicePlan(context);
  if (findProgram("launchctl", env)) return launchdService(plan, process.getuid?.() ?? 0);
  if (findProgram("systemctl", env))
    return systemdService(plan, env.XDG_CONFIG_HOME || join(home, ".config"));
  throw new TapbackError("SERVICE_MANAGER_MISSING", "there is neither systemd nor launchd on this machine", {
    hint: `Have your service manager run: ${plan.command.join(" ")}`,
  });
}
