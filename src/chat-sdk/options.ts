import type { GatewayOptions } from "../library/index.js";

/** How the adapter stands in its program. */
export interface TapbackAdapterOptions {
  /** The gateway that starts with the bot and stops with it; what it leaves out is as `tapback gateway` has it. */
  gateway?: GatewayOptions;
  /** The agent in whose place the bot answers; `main` when absent. */
  agentId?: string;
  /** By what name people address the bot; that of the `Chat` when absent. */
  userName?: string;
  /** The API of a gateway that runs elsewhere, e.g. `http://127.0.0.1:8765`; then `gateway` and `agentId` have no place. */
  api?: TapbackApiOptions;
}

/** A gateway behind its API. */
export interface TapbackApiOptions {
  url: string;
  /** With the scopes `read` and `send`. */
  token: string;
  /** The secret of a webhook that posts to the bot: then nothing is read from the stream of events. */
  webhookSecret?: string;
  /** The account of conversations that the bot opens; `default` when absent. */
  account?: string;
}
