import { type LoadedConfig, loadConfig } from "../config/index.js";
import type { ServiceContext } from "../service/index.js";
import type { Context } from "./context.js";

/**
 * What the service of this context is made for. A configuration that is invalid does not matter: the service waits for a better one.
 * @param asInstalled as in {@link ServiceContext}
 */
export async function serviceContext(
  context: Context,
  asInstalled = false,
): Promise<ServiceContext & { loaded: LoadedConfig | undefined }> {
  const { env, home, stateDir, configOption } = context;
  const loaded = await loadConfig({ env, home, path: configOption });
  const shutdownGraceMs = loaded.ok ? loaded.value.config.gateway.shutdownGraceMs : undefined;
  return {
    ...{ env, home, stateDir, configOption, asInstalled, shutdownGraceMs },
    loaded: loaded.ok ? loaded.value : undefined,
  };
}
