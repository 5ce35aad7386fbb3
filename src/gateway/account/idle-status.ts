import type { Account } from "../../config/index.js";
import { type AccountStatus, nothingStored } from "../../health/index.js";

/**
 * The status of an account that no gateway serves now.
 * @param twin the account that has its database, because of which it is not served
 */
export function idleStatus(account: Account, twin?: string): AccountStatus {
  return {
    id: account.id,
    name: account.name ?? account.id,
    enabled: account.enabled,
    configured: true,
    running: false,
    connected: false,
    verdict: verdictOf(account, twin),
    state: "stopped",
    connectedSince: null,
    lastInboundAt: null,
    lastOutboundAt: null,
    restarts: 0,
    stages: [],
    ...nothingStored,
  };
}

function verdictOf({ enabled }: Account, twin: string | undefined): string {
  if (!enabled) return "disabled";
  return twin === undefined ? "stopped" : `not served: account "${twin}" has the same Messages database`;
}
