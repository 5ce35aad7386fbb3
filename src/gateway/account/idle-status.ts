import type { Account } from "../../config/index.js";
import type { AccountStatus } from "./status.js";

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
    deliveries: { delivered: 0, read: 0, downgraded: 0, failed: 0 },
    queues: {
      inbound: 0,
      turns: 0,
      running: 0,
      outbox: { pending: 0, sending: 0, delivered: 0, stored: 0, not_sent: 0, unknown: 0 },
    },
  };
}

function verdictOf({ enabled }: Account, twin: string | undefined): string {
  if (!enabled) return "disabled";
  return twin === undefined ? "stopped" : `not served: account "${twin}" has the same Messages database`;
}
