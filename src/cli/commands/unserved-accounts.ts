import { defaultAccountId, resolveAccounts } from "../../config/index.js";
import { type GatewayStatus, idleStatus, probeAccount } from "../../gateway/index.js";
import { type Context, readConfig } from "../context.js";

/**
 * How the accounts are while no gateway serves them.
 * @param probe whether the way to Messages is tried
 * @param timeoutMs of each check of it
 * @throws `CONFIG_INVALID`
 */
export async function statusWithoutGateway(
  context: Context,
  probe: boolean,
  timeoutMs: number | undefined,
): Promise<GatewayStatus> {
  const { config } = await readConfig(context);
  const accounts = resolveAccounts(config);
  const statuses = await Promise.all(
    accounts.map(async (account) => {
      if (!probe || !account.enabled) return idleStatus(account);
      return probeAccount(account, context.home, timeoutMs);
    }),
  );
  return { gateway: null, defaultAccount: defaultAccountId(config), accounts: statuses };
}
