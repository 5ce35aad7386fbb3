/** Longest name that is kept, UTF-16 code units. */
const longest = 100;
/** And in UTF-8: file systems take 255 bytes, and an ending may still come behind it. */
const longestBytes = 240;
/** Control characters, line and paragraph separators, and marks that turn the direction of reading. */
const hidden = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Makes a name that somebody else chose safe to use and to show: it cannot lead out of its folder, hide its ending, or
 * forge lines. A long name loses its start, never its ending.
 */
export function safeFileName(name: string): string {
  const last = name.replaceAll("\\", "/").split("/").at(-1) ?? "";
  let kept = last.replace(hidden, "").trim().slice(-longest);
  // Never half of a surrogate pair.
  for (const character of kept) {
    if (!/^[\udc00-\udfff]/.test(kept) && Buffer.byteLength(kept) <= longestBytes) break;
    kept = kept.slice(character.length);
  }
  return kept === "" || kept === "." || kept === ".." ? "file" : kept;
}

/** A name without its ending, and the ending in lower case with its dot; "" when there is none. */
export function splitName(name: string): { stem: string; ending: string } {
  const at = name.lastIndexOf(".");
  if (at <= 0 || at < name.length - 11) return { stem: name, ending: "" };
  return { stem: name.slice(0, at), ending: name.slice(at).toLowerCase() };
}
