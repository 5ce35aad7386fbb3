/** Keys of fields that never reach the log, whatever a caller passes (behaviour 1.2). */
export const secretKeys = ["token", "secret", "apiKey", "password", "authorization", "text", "body"];

/** What stands in the place of such a field. */
export const censor = "[redacted]";

/** @returns the fields of a line as people read them behind its sentence: ` chat=7 why="no answer"`, on one line whatever is in them */
export function fieldWords(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .map(([key, value]) => ` ${key}=${plain(value)}`)
    .join("");
}

function plain(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return /[\s"]/.test(text) ? JSON.stringify(text) : text;
}
