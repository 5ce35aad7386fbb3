import { normalForm } from "../conversation/index.js";

/**
 * Compares what was sent with what a row shows. Messages and imsg may change white space, put characters of the
 * archive's format in front, or leave the text out (protocol reference 8.4, 12 row 14).
 * - `same`: surely this text.
 * - `unclear`: it may be; repeating the send could double it.
 * - `different`: surely another one.
 */
export function compareText(sent: string, shown: string): "same" | "unclear" | "different" {
  const a = reduce(sent);
  const b = reduce(shown);
  // Nothing is left to compare: it equals every text that was left out, and ends every other.
  if (a === "") return b === "" ? "unclear" : "different";
  if (a === b) return "same";
  if (b === "" || b.includes("streamtyped") || b.includes("NSString")) return "unclear";
  // A stray leading character or a cut tail: long texts that share most of themselves.
  const stray = b.length - a.length;
  if (b.endsWith(a) && stray <= 3) return isJunk(b.slice(0, stray), a) ? "same" : "unclear";
  const longEnough = Math.min(a.length, b.length) >= 16;
  if (longEnough && (a.startsWith(b) || b.startsWith(a) || a.endsWith(b.slice(1)))) return "unclear";
  return "different";
}

/**
 * What old builds put before a text comes from its typed stream: `+`, and the length as a character, which shows from 32
 * bytes on. Before a short text anything else is what a person wrote: "why?" is no echo of "?".
 */
function isJunk(stray: string, text: string): boolean {
  return stray.startsWith("+") || text.length >= 16 || Buffer.byteLength(text) >= 32;
}

/** A text without object marks, control characters and white space, in one Unicode form. */
function reduce(text: string): string {
  return normalForm(text).replace(/[\s\u0000-\u001f\u007f\u200b\ufeff\ufffc\ufffd]+/g, "");
}
