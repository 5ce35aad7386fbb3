import type { FirewallFacts } from "./firewall.js";
import type { PaceLimits } from "./pacing.js";

/** Settings that may change while the gateway runs. */
export interface SenderSettings extends FirewallFacts {
  ttlMs: number;
  transport: "auto" | "bridge" | "applescript";
  /** Over which new conversations begin. */
  service: "imessage" | "sms" | "auto";
  pace: PaceLimits;
}
