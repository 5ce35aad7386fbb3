import type { Account } from "../../config/index.js";
import { type AccountStatus, nothingStored } from "../../health/index.js";

/** Why an account is not served here. */
export interface IdleReason {
  /** The account that has its database. */
  twin?: string | undefined;
  /** What is said of the node that has it. */
  elsewhere?: string | undefined;
}

/** The status of an account that this gateway does not serve now, or that none does. */
export function idleStatus(account: Account, reason: IdleReason = {}): AccountStatus {
  return {
    id: account.id,
    name: account.name ?? account.id,
    enabled: account.enabled,
    configured: true,
    running: false,
    connected: false,
    verdict: verdictOf(account, reason),
    state: "stopped",
    connectedSince: null,
    lastInboundAt: null,
    lastOutboundAt: null,
    restarts: 0,
    stages: [],
    ...nothingStored,
  };
}

function verdictOf({ enabled }: Account, { twin, elsewhere }: IdleReason): string {
  if (!enabled) return "disabled";
  if (twin !== undefined) return `not served: account "${twin}" has the same Messages database`;
  return elsewhere ?? "stopped";
}
