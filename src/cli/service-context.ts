import { type InstalledContext, installedContext } from "../service/index.js";
import type { Context } from "./context.js";

/**
 * For commands about the service that is installed: what it is made for, and the context of a command that names the same state
 * directory and configuration (behaviour 1.6b).
 */
export async function asInstalled(context: Context): Promise<{ its: Context; found: InstalledContext }> {
  const { env, home, stateDir, configOption } = context;
  const found = await installedContext({ env, home, stateDir, configOption });
  const its = { env: found.env, stateDir: found.stateDir, configOption: found.configOption };
  return { its: { ...context, ...its }, found };
}
