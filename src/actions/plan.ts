import type { Ability, ActionOutcome, MacAction, MacActionParameters } from "../bridge/index.js";
import type { Result, TapbackError } from "../platform/index.js";
import type { NewOutboxItem, OutboxAct } from "../store/index.js";
import type { GivenFile } from "./files.js";
import type { NamedMessage } from "./message-id.js";

/** How an action is done: by looking, by sending through the outbox, or by one call of the bridge. */
export type Plan = { look: () => Promise<Result<Record<string, unknown>, TapbackError>> } | Sends | Call;

interface Sends {
  sends: NewOutboxItem[];
  needs?: Ability;
}

interface Call {
  run: () => Promise<ActionOutcome>;
  /** The same as plain data: what waits for an owner's yes is done later, perhaps by another process. */
  act: OutboxAct;
  /** A copy that the call needs, which is kept until it was made. */
  file?: string;
}

/** What an action is planned with, bound to its conversation and to who acts. */
export interface PlanContext {
  /** The region in which numbers without `+` are read. */
  region: string;
  messages: MessagesThere;
  files: {
    /** Copies a file for its send. @returns the copy's path, or why it may not be sent */
    ready(given: GivenFile, asVoice?: boolean): Promise<Result<string, TapbackError>>;
    /** Removes a copy that the outbox does not get. */
    remove(path: string): Promise<void>;
  };
  /** One message of a file. */
  item(content: Pick<NewOutboxItem, "file" | "replyTo" | "strict" | "voice">): NewOutboxItem;
  /** The messages of a text; what it carries beside goes with the first. */
  texts(text: string, extras?: Pick<NewOutboxItem, "replyTo" | "effect" | "strict">): NewOutboxItem[];
  /** One call of the bridge, made when its turn in the chat comes: what writes there is held to all that sends are. */
  queued<Action extends MacAction>(action: Action, parameters: MacActionParameters[Action]): NewOutboxItem;
  /** One call of the bridge. */
  onMac<Action extends MacAction>(action: Action, parameters: MacActionParameters[Action]): Call;
}

/** The messages of the conversation. */
export interface MessagesThere {
  /** The message that somebody means by an id (behaviour 11.2). */
  named(messageId: string): Promise<Result<NamedMessage, TapbackError>>;
  /** The same, where it has to be one of ours (behaviour 11.1). */
  own(messageId: string): Promise<Result<NamedMessage, TapbackError>>;
  /** The newest, oldest first, as an agent is told of them. */
  newest(limit: number): Promise<Result<Record<string, unknown>, TapbackError>>;
  /** The tapback that stands from us on a message. */
  ownTapback(guid: string): Promise<string | undefined>;
  /** What is known of a poll, by the GUID of its message. */
  poll(guid: string): Promise<Record<string, unknown> | undefined>;
}
