import { loadConfig, resolveAccounts } from "../config/index.js";
import { askGateway } from "../control/index.js";
import type { RetryRefusal } from "../facts/index.js";
import type { JournalEntry } from "../store/index.js";
import type { Context } from "./context.js";
import { statePlace } from "./state.js";

/** Why a message would wait for ever: nobody serves its account. */
export type UnservedRefusal = (entry: JournalEntry) => RetryRefusal | undefined;

/**
 * Judges whether an account is served, by what a running gateway says of its accounts, else by the configuration. Of a state that
 * several gateways may share, and where neither tells, every account counts as served.
 */
export async function unservedRefusal(context: Context): Promise<UnservedRefusal> {
  const isEnabled = await enabledAccounts(context);
  if (isEnabled === undefined) return () => undefined;
  return ({ id, account }) => {
    const of = `message ${id} is of the account ${account}, which is`;
    switch (isEnabled.get(account)) {
      case true:
        return undefined;
      case false:
        return { code: "ACCOUNT_DISABLED", message: `${of} not enabled`, hint: "Enable that account first." };
      default:
        return {
          code: "ACCOUNT_UNKNOWN",
          message: `${of} not in the configuration`,
          hint: "Put that account back first, or name the gateway's file with --config.",
        };
    }
  };
}

async function enabledAccounts(context: Context): Promise<Map<string, boolean> | undefined> {
  if ((await statePlace(context)).url !== undefined) return undefined;
  const { env, home, stateDir, configOption } = context;
  try {
    const answer = await askGateway(stateDir, "status", {}, 5000);
    if (answer) return mapOf(answer.result.accounts);
  } catch {
    return undefined;
  }
  const loaded = await loadConfig({ env, home, path: configOption });
  if (!loaded.ok || loaded.value.source === undefined) return undefined;
  return mapOf(resolveAccounts(loaded.value.config));
}

function mapOf(accounts: readonly { id: string; enabled: boolean }[]): Map<string, boolean> {
  return new Map(accounts.map(({ id, enabled }) => [id, enabled]));
}
