import { maskSecrets } from "../../platform/index.js";

/** Longest text kept of what a child wrote, in UTF-16 units. */
const longest = 300;

/**
 * Makes text that `imsg`, `ssh` or Apple wrote fit for a log or an error: one line, short, without addresses, quoted
 * text (message bodies stand in quotes in Apple's messages), secrets and home folders.
 */
export function redact(text: string): string {
  const line = maskSecrets(text.slice(0, longest * 4))
    .replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, " ")
    .replace(/"[^"]*("|$)|“[^”]*(”|$)/g, "“…”")
    .replace(/[^\s<>,;:()'@]+@[^\s<>,;:()']+\.[a-z]{2,}/gi, "…@…")
    .replace(/\+?\d[\d\s().-]{5,}\d/g, "…")
    .replace(/\/(Users|home)\/[^/\s]+/g, "~")
    .trim();
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}
