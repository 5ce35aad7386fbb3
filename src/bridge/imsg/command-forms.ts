import { type MethodName, methodFacts } from "./methods.js";

/** Parameters of a bridge method that name a chat by its GUID. */
type Given = Record<string, unknown>;

/**
 * The command line of a method for builds that have it as a command alone: the chat first, then each parameter that is
 * given, by the name of its option.
 * @param dbPath as it was configured, without quotes
 * @param quote makes a value one argument; may throw
 * @returns undefined when there is none, or when the chat's GUID is not given
 */
export function commandLine(
  method: MethodName,
  given: Given,
  dbPath: string | undefined,
  quote: (text: string) => string,
): string[] | undefined {
  const form = methodFacts(method).command;
  if (form === undefined || typeof given.chat_guid !== "string") return undefined;
  const options = Object.entries({ chat_guid: "chat", ...form.options })
    .filter(([name]) => given[name] !== undefined)
    .flatMap(([name, option]) => [`--${option}`, quote(String(given[name]))]);
  const flags = Object.entries(form.flags ?? {})
    .filter(([name]) => given[name] === true)
    .map(([, option]) => `--${option}`);
  const database = dbPath === undefined ? [] : ["--db", dbPath];
  return [form.name, ...options, ...flags, ...(form.always ?? []), ...database, "--json"];
}
