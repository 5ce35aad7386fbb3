import { type Log, messageOf } from "../platform/index.js";
import type { AccountRuntime } from "./account/account.js";

/** Tells the owners of each account; an account whose owners cannot be told keeps no other from it. */
export function tellOwnersOf(accounts: readonly AccountRuntime[], text: string, log: Log): void {
  for (const account of accounts)
    account.tellOwners(text).catch((error) => log.warn(`an owner could not be told: ${messageOf(error)}`));
}
