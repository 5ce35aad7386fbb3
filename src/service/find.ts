import { join } from "node:path";
import { findProgram, TapbackError } from "../platform/index.js";
import { launchdService } from "./launchd.js";
import type { ServiceManager } from "./manager.js";
import { type ServiceContext, servicePlan } from "./plan.js";
import { systemdService } from "./systemd.js";

/**
 * The service manager of this machine, with the gateway's service as it would be installed now.
 * @throws TapbackError `SERVICE_MANAGER_MISSING`
 */
export function serviceManager(context: ServiceContext): ServiceManager {
  const manager = knownManager(context);
  if (manager) return manager;
  throw new TapbackError("SERVICE_MANAGER_MISSING", "there is neither systemd nor launchd on this machine", {
    hint: `Have your service manager run: ${servicePlan(context, "systemd").command.join(" ")}`,
  });
}

/** As {@link serviceManager}, but undefined where there is none. */
export function knownManager(context: ServiceContext): ServiceManager | undefined {
  const { env, home } = context;
  if (findProgram("launchctl", env))
    return launchdService(servicePlan(context, "launchd"), process.getuid?.() ?? 0, context.app);
  if (findProgram("systemctl", env))
    return systemdService(servicePlan(context, "systemd"), env.XDG_CONFIG_HOME || join(home, ".config"));
  return undefined;
}
