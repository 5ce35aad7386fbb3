/**
 * What a tool of a server came to, as text for a model: data, whatever it says. Pictures and sounds are named; a model is
 * shown those of people alone.
 * @param structured the result as a value, which stands for it where there are no words
 */
export function resultText(content: unknown[], structured: unknown): string {
  const texts = content.map(partText).filter((text) => text !== "");
  if (texts.length > 0) return texts.join("\n");
  return structured === undefined ? "(no words)" : JSON.stringify(structured);
}

function partText(part: unknown): string {
  const { type, text, mimeType, uri, resource } = fieldsOf(part);
  if (type === "text") return String(text ?? "");
  if (type === "resource_link") return `[${String(uri)}]`;
  if (type !== "resource") return `[${String(type)}${mimeType === undefined ? "" : ` ${String(mimeType)}`}]`;
  const held = fieldsOf(resource);
  return typeof held.text === "string" ? held.text : `[${String(held.uri)}]`;
}

const fieldsOf = (value: unknown) =>
  (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
