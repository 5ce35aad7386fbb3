import type { ApiDeps } from "../api/index.js";
import { type Clock, type Surroundings, TapbackError } from "../platform/index.js";
import { openAttachment } from "../turns/index.js";
import type { AccountRuntime } from "./account/account.js";

/** The files of messages, from the accounts that are at work. */
export function attachmentsOf(
  runtimeOf: (account: string) => AccountRuntime | undefined,
  surroundings: Pick<Surroundings, "home" | "env">,
  clock: Clock,
): ApiDeps["attachment"] {
  return async (entry, index) => {
    const { bridge, settings: account } = runtimeOf(entry.account) ?? {};
    if (bridge && account) return openAttachment(entry, index, { account, bridge, surroundings, clock });
    throw new TapbackError("ACCOUNT_STOPPED", `the account ${entry.account} is not at work`);
  };
}
