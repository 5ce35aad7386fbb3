import type { BridgeState } from "../bridge/index.js";
import type { SiteState } from "../http/index.js";
import type { Sleep } from "../platform/index.js";
import type { OutboxState } from "../store/index.js";
import type { HookState } from "../webhooks/index.js";
import type { Stage } from "./stage.js";

/** What the private API of an account can do, as the last probe found it (behaviour 13). */
export interface PrivateApiStatus {
  available: boolean;
  /** Version of the bridge protocol; 0 when it is down. */
  version: number;
  /** What imsg says about it. */
  message: string;
  /** RPC methods of the build. */
  methods: string[];
  selectors: Record<string, boolean>;
  remedy: string | null;
}

/** One account in `channels status --json` (behaviour 17.5). */
export interface AccountStatus {
  id: string;
  name: string;
  enabled: boolean;
  configured: boolean;
  running: boolean;
  connected: boolean;
  /** `works`, `stopped`, `disabled`, or what is broken. */
  verdict: string;
  state: BridgeState;
  connectedSince: string | null;
  lastInboundAt: string | null;
  lastOutboundAt: string | null;
  restarts: number;
  stages: Stage[];
  /** Absent before the first probe. */
  privateApi?: PrivateApiStatus;
  /** Sent messages by what Messages told of them afterwards, where the build can tell (behaviour 10.1). */
  deliveries: { delivered: number; read: number; downgraded: number; failed: number };
  queues: { inbound: number; turns: number; running: number; outbox: Record<OutboxState, number> };
}

export interface GatewayStatus {
  gateway: {
    pid: number;
    startedAt: string;
    version: string;
    /** When the machine slept within the last 24 hours, the oldest first (behaviour 1.7); an older gateway does not tell. */
    sleeps?: Sleep[];
    /** What is served over HTTP, and where (behaviour 20.1); an older gateway does not tell. */
    http?: SiteState[];
  } | null;
  defaultAccount: string;
  accounts: AccountStatus[];
  /** How the webhooks do; an older gateway does not tell. */
  webhooks?: HookState[];
}

/** The counts of an account that has nothing in the store, or of which nothing can be read. */
export const nothingStored: Pick<AccountStatus, "deliveries" | "queues"> = {
  deliveries: { delivered: 0, read: 0, downgraded: 0, failed: 0 },
  queues: {
    inbound: 0,
    turns: 0,
    running: 0,
    outbox: { held: 0, pending: 0, sending: 0, delivered: 0, stored: 0, not_sent: 0, unknown: 0 },
  },
};
