import type { FirewallFacts } from "./firewall.js";
import type { Manners } from "./manners.js";
import type { PaceLimits } from "./pacing.js";

/** Settings that may change while the gateway runs. */
export interface SenderSettings extends FirewallFacts {
  ttlMs: number;
  transport: "auto" | "bridge" | "applescript";
  /** Over which new conversations begin. */
  service: "imessage" | "sms" | "auto";
  pace: PaceLimits;
  /** How an agent behaves that writes of its own accord (behaviour 18.7). */
  manners: Manners;
}
