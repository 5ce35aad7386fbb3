import { namedOwners } from "../../access/index.js";
import { accountIds, type Config } from "../../config/index.js";

/**
 * Whether the first sender who is approved becomes the owner (behaviour 3.3). `untold` is no: it says that the configuration at
 * hand is not the one of the account's gateway, which may name owners.
 */
export type FirstOwner = "yes" | "no" | "untold";

/**
 * @param config undefined where it cannot be read
 * @param account in normal form
 * @returns what the configuration says for an account. A list of owners that is set says who they are, also where it names
 * nobody; one that does not have the account says nothing about it.
 */
export function firstOwnerIn(config: Config | undefined, account: string): FirstOwner {
  if (config === undefined || !accountIds(config).includes(account)) return "untold";
  if (config.commands.ownerAllowFrom !== undefined) return "no";
  return namedOwners(config, account)?.length === 0 ? "yes" : "no";
}
