import type { MethodName } from "./methods.js";

/** Parameters of a bridge method that name a chat by its GUID. */
type Given = Record<string, unknown>;

/** Makes a text one argument. */
type Quote = (text: string) => string;

/** How builds before 0.9, which know bridge actions as commands alone, take each method (protocol reference 5). */
const forms: Partial<Record<MethodName, (given: Given, quote: Quote) => string[]>> = {
  tapback: (given, quote) => [
    "tapback",
    ...options(given, quote, { message_id: "message", reaction: "kind" }),
    ...(given.remove === true ? ["--remove"] : []),
  ],
  "message.edit": (given, quote) => [
    "edit",
    ...options(given, quote, { message_id: "message", text: "new-text" }),
  ],
  "message.unsend": (given, quote) => ["unsend", ...options(given, quote, { message_id: "message" })],
  "send.rich": (given, quote) => [
    "send-rich",
    ...options(given, quote, { text: "text", effect: "effect", reply_to: "reply-to" }),
    "--no-dd-scan",
  ],
  "send.attachment": (given, quote) => [
    "send-attachment",
    ...options(given, quote, { file: "file", reply_to: "reply-to" }),
    ...(given.audio === true ? ["--audio"] : []),
  ],
  "group.rename": (given, quote) => ["chat-name", ...options(given, quote, { name: "name" })],
  "group.setIcon": (given, quote) => ["chat-photo", ...options(given, quote, { file: "file" })],
  "group.addParticipant": (given, quote) => [
    "chat-add-member",
    ...options(given, quote, { address: "address" }),
  ],
  "group.removeParticipant": (given, quote) => [
    "chat-remove-member",
    ...options(given, quote, { address: "address" }),
  ],
  "group.leave": (given, quote) => ["chat-leave", ...options(given, quote, {})],
};

/**
 * The command line of a method for builds that have it as a command alone.
 * @param dbPath as it was configured, without quotes
 * @param quote makes a value one argument; may throw
 * @returns undefined when there is none, or when the chat's GUID is not given
 */
export function commandLine(
  method: MethodName,
  given: Given,
  dbPath: string | undefined,
  quote: Quote,
): string[] | undefined {
  const form = forms[method];
  if (form === undefined || typeof given.chat_guid !== "string") return undefined;
  return [...form(given, quote), ...(dbPath === undefined ? [] : ["--db", dbPath]), "--json"];
}

/** The chat first, then each parameter that is given, by the name of its option. */
function options(given: Given, quote: Quote, names: Record<string, string>): string[] {
  const chosen = Object.entries({ chat_guid: "chat", ...names }).filter(
    ([name]) => given[name] !== undefined,
  );
  return chosen.flatMap(([name, option]) => [`--${option}`, quote(String(given[name]))]);
}
