import type { GatewayOptions } from "../library/index.js";

/** How the adapter stands in its program. */
export interface TapbackAdapterOptions {
  /** The gateway that starts with the bot and stops with it; what it leaves out is as `tapback gateway` has it. */
  gateway?: GatewayOptions;
  /** The agent in whose place the bot answers; `main` when absent. */
  agentId?: string;
  /** By what name people address the bot; that of the `Chat` when absent. */
  userName?: string;
}
