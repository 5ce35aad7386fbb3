import type { MethodName } from "./methods.js";

/** Parameters of a bridge method that name a chat by its GUID. */
type Given = Record<string, unknown>;

/** How builds before 0.9, which know bridge actions as commands alone, take each method (protocol reference 5). */
const forms: Partial<Record<MethodName, (given: Given) => string[]>> = {
  tapback: (given) => [
    "tapback",
    ...options(given, { message_id: "message", reaction: "kind" }),
    ...(given.remove === true ? ["--remove"] : []),
  ],
  "message.edit": (given) => ["edit", ...options(given, { message_id: "message", text: "new-text" })],
  "message.unsend": (given) => ["unsend", ...options(given, { message_id: "message" })],
  "send.rich": (given) => [
    "send-rich",
    ...options(given, { text: "text", effect: "effect", reply_to: "reply-to" }),
    "--no-dd-scan",
  ],
  "send.attachment": (given) => [
    "send-attachment",
    ...options(given, { file: "file", reply_to: "reply-to" }),
    ...(given.audio === true ? ["--audio"] : []),
  ],
  "group.rename": (given) => ["chat-name", ...options(given, { name: "name" })],
  "group.setIcon": (given) => ["chat-photo", ...options(given, { file: "file" })],
  "group.addParticipant": (given) => ["chat-add-member", ...options(given, { address: "address" })],
  "group.removeParticipant": (given) => ["chat-remove-member", ...options(given, { address: "address" })],
  "group.leave": (given) => ["chat-leave", ...options(given, {})],
};

/**
 * The command line of a method for builds that have it as a command alone.
 * @returns undefined when there is none, or when the chat's GUID is not given
 */
export function commandLine(method: MethodName, given: Given, dbPath?: string): string[] | undefined {
  const form = forms[method];
  if (form === undefined || typeof given.chat_guid !== "string") return undefined;
  return [...form(given), ...(dbPath === undefined ? [] : ["--db", dbPath]), "--json"];
}

/** The chat first, then each parameter that is given, by the name of its option. */
function options(given: Given, names: Record<string, string>): string[] {
  const chosen = Object.entries({ chat_guid: "chat", ...names }).filter(
    ([name]) => given[name] !== undefined,
  );
  return chosen.flatMap(([name, option]) => [`--${option}`, String(given[name])]);
}
