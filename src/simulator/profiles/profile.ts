/**
 * What one version of imsg has. A parameter is written with its aliases: `reply_to|replyTo`. What differs in how a method
 * works is in the method itself, by version.
 */
export interface Profile {
  version: string;
  /** Methods with their parameters, in the order in which the build reports them. */
  methods: MethodList;
  /** Names of methods that are taken and not reported. */
  unreported: MethodList;
  /** Notifications that the build may write. */
  notifications: readonly string[];
  /** Which of Apple's functions its helper looks for; false: the macOS that is played has another one. */
  selectors: Readonly<Record<string, boolean>>;
}

/** Parameters by method. */
export type MethodList = Readonly<Record<string, readonly string[]>>;

/** What names the chat that a method is about (protocol reference 3.1). */
export const target = ["chat_id", "chat_identifier", "chat_guid"];
/** What names a message. */
export const message = "message_id|messageId|message_guid|messageGuid|message";
/** What names the message that is answered. */
export const reply = "reply_to|replyTo|reply_to_guid|message_guid";
export const part = "part_index|partIndex";
/** Which messages are wanted, and with what. */
export const filter = ["participants", "start", "end", "attachments", "convert_attachments"];

/** Takes the values of a request by the first name of each parameter: `{ replyTo: x }` becomes `{ reply_to: x }`. */
export function namesOf(parameter: string): string[] {
  return parameter.split("|");
}
