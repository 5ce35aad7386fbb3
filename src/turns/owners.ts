import { namedOwners } from "../access/index.js";
import type { Config } from "../config/index.js";
import type { Store } from "../store/index.js";

/** The owners of an account, in normal form: those of the configuration and those that pairing made. */
export async function ownersOf(config: Config, account: string, store: Store): Promise<string[]> {
  const named = namedOwners(config, account) ?? [];
  return [...new Set([...named, ...(await store.pairing.owners(account))])];
}
