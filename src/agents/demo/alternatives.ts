/** `tea, milk or coffee?` is tea, milk and coffee. */
export function alternatives(text: string): string[] {
  return text
    .replace(/[.!?\s]+$/, "")
    .split(/\s*,\s*(?:or\s+)?|\s+or\s+|\s+and\s+/i)
    .filter((option) => option !== "");
}
