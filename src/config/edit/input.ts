import JSON5 from "json5";
import type { ConfigPath } from "../path.js";
import { configSchema } from "../schema/config.js";
import { bare, definitionOf, schemaAt } from "../schema/walk.js";

/**
 * Reads a value as it is typed at the command line or in a chat: JSON5, or plain text where the field takes text
 * (so that `+15550100` stays a phone number) or where it is not JSON5.
 */
export function parseInput(path: ConfigPath, text: string): unknown {
  const schema = schemaAt(configSchema, path);
  const type = schema === undefined ? undefined : definitionOf(bare(schema)).type;
  let value: unknown;
  try {
    value = JSON5.parse(text);
  } catch {
    return text;
  }
  const wantsText = type === "string" || type === "enum" || type === "literal";
  // `+15550100` for a list is refused as what was typed, not as the number 15550100.
  if (type === "array" && !Array.isArray(value)) return text;
  return wantsText && typeof value !== "string" ? text : value;
}
