import type { ChatBook } from "../reading/chats.js";
import type { World } from "../world/world.js";
import type { Parameters } from "./parameters.js";
import type { Subscriptions } from "./subscriptions.js";

/** A request being carried out. */
export interface Call {
  world: World;
  /** The method's name. */
  method: string;
  params: Parameters;
  chats: ChatBook;
  subscriptions: Subscriptions;
  /** Link rows that this process has reported, with their times. */
  links: Map<string, number>;
  /** Whether Contacts have not answered this process yet: people have no names (protocol reference 19). */
  contactsAreCold(): boolean;
  /** Ends the process at once. */
  exit(code: number): never;
  /** Writes a notification. */
  notify(method: string, params: Record<string, unknown>): void;
}

/** How one method of the RPC server works; which versions have it, with what parameters, is in their profiles. */
export interface Method {
  /** Which of the three lanes of 0.14.0 it runs in (protocol reference 1.1). */
  lane: "mutation" | "read" | "control";
  /**
   * Works while the database cannot be read (protocol reference 1.3, since 0.14.0). A mutation does so whenever the chat is
   * not named by what only the database knows.
   */
  withoutDatabase?: boolean;
  /** Carries out a request. @returns the result, or a promise of it @throws the JSON-RPC error that is answered */
  run(call: Call): unknown;
}

/** Names under which a message is given. */
export const messageParameters = ["message_id", "messageId", "message_guid", "messageGuid", "message"];

/** Names under which the message that is answered is given. */
export const replyParameters = ["reply_to", "replyTo", "reply_to_guid", "message_guid"];
