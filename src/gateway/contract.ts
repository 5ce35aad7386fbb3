import type { SentMessage } from "../actions/index.js";
import type { GatewayStatus } from "../health/index.js";

/** A gateway: one process that serves every enabled account (behaviour 1.1). */
export interface Gateway {
  /** @throws `GATEWAY_RUNNING`, `STATE_UNWRITABLE`, `STORE_FULL`, `STORE_TOO_NEW` */
  start(): Promise<void>;
  /**
   * Takes nothing new in, lets running turns finish within `gateway.shutdownGraceMs`, sends what is ready (behaviour 1.4).
   * @param options.goesOn another one follows at once: what comes meanwhile is answered, as after a crash
   */
  stop(options?: { goesOn?: boolean }): Promise<void>;
  /** What `tapback channels status` tells: what is known of every account, without asking a Mac. */
  status(): Promise<GatewayStatus>;
  /**
   * Sends a message as `tapback message send` does, by the same rules (behaviour 17.10c), and waits up to 30 s for what becomes
   * of it.
   * @throws what refuses it before anything is sent, e.g. `RECIPIENT_REFUSED`, `CHILD_DOWN`, `KEY_REUSED`; `ACCOUNT_STOPPED`
   *   while the gateway does not run
   */
  send(message: OutgoingMessage): Promise<SentMessage>;
  /**
   * Does an action in a conversation as `tapback message` does, by the same rules (behaviour 17.10d).
   * @param action `react`, `reply`, `edit`, `unsend` and the others of behaviour 11
   * @returns what it came to, e.g. `MessageSidFull`; what still waits says so
   * @throws why it was not done; `ACCOUNT_STOPPED` while the gateway does not run
   */
  act(action: string, parameters: ActionInConversation): Promise<Record<string, unknown>>;
}

/** In which conversation something is done, and the action's own parameters. */
export interface ActionInConversation extends Omit<OutgoingMessage, "text" | "media"> {
  [parameter: string]: unknown;
}

/** A message that a program sends: to whom, and what. */
export interface OutgoingMessage {
  /** The account that sends it; the default one when absent. */
  account?: string;
  /** A phone number, an e-mail address, or another target of behaviour 8.3, e.g. `chat_id:42`. */
  to?: string;
  chatId?: number;
  chatGuid?: string;
  chatIdentifier?: string;
  /** Markdown. */
  text?: string;
  /** Paths of files, which go behind the text. */
  media?: string | readonly string[];
  /** The same message under the same key is sent once, also after a crash. At most 255 characters. */
  key?: string;
}
