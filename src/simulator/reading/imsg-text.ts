import { decodeAttributedBody } from "../chat-db/typedstream.js";
import type { Place } from "../world/place.js";
import type { Row } from "../world/world.js";

const start = Buffer.from([0x01, 0x2b]);
const end = Buffer.from([0x86, 0x84]);
/** How an archive begins: version 4, and the length of its name. */
const archive = Buffer.from([0x04, 0x0b]);

/**
 * The text of a row as imsg reads it: the text column, else what its decoder makes of `attributedBody`. Before 0.14.0
 * that decoder searches for marks instead of reading lengths (protocol reference 8.4 and 12, row 14).
 */
export function imsgText(place: Pick<Place, "since">, row: Row): string {
  if (row.text !== null && row.text !== "") return String(row.text);
  if (!(row.attributedBody instanceof Uint8Array)) return "";
  return place.since("0.14.0") ? decodeByLength(row.attributedBody) : decodeByMarks(row.attributedBody);
}

/** UTF-16, else the longest readable stretch between `01 2b` and `86 84`, else all bytes as UTF-8; NUL is kept. */
export function decodeByMarks(blob: Uint8Array): string {
  const bytes = Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength);
  const wide = isUtf16(bytes) ? decoded(bytes.subarray(2), "utf-16le") : undefined;
  if (wide !== undefined) return trimmed(wide);
  let longest = "";
  for (let at = bytes.indexOf(start); at !== -1; at = bytes.indexOf(start, at + 1)) {
    const stop = bytes.indexOf(end, at + 2);
    if (stop === -1) break;
    const text = trimmed(decoded(withoutLength(bytes.subarray(at + 2, stop)), "utf-8") ?? "");
    if (text !== "" && isLonger(text, longest)) longest = text;
  }
  return longest === "" ? trimmed(bytes.toString("utf8")) : longest;
}

function decodeByLength(blob: Uint8Array): string {
  const bytes = Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength);
  if (isUtf16(bytes)) return decoded(bytes.subarray(2), "utf-16le") ?? "";
  if (!bytes.subarray(0, 2).equals(archive)) return trimmed(bytes.toString("utf8"));
  return decodeAttributedBody(bytes) ?? "";
}

/**
 * Takes the length away as that decoder does: of `81 ll hh` only two bytes, of `82` only three. What is left is a control
 * character, which goes too, unless the length's high byte is printable: from 8,192 bytes on it stays in front.
 */
function withoutLength(bytes: Buffer): Buffer {
  if (bytes[0] === 0x81) return bytes.subarray(2);
  if (bytes[0] === 0x82) return bytes.subarray(3);
  return bytes[0] === bytes.length - 1 ? bytes.subarray(1) : bytes;
}

function isUtf16(bytes: Buffer): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xfe;
}

/** @returns undefined for bytes that are no text of that encoding */
function decoded(bytes: Buffer, encoding: "utf-8" | "utf-16le"): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Control and format characters in front go: newlines, U+200B, U+202E and U+FEFF too. */
function trimmed(text: string): string {
  return text.replace(/^[\p{Cc}\p{Cf}]+/u, "");
}

/** Length is counted in what a person sees as one character. */
function isLonger(text: string, other: string): boolean {
  if (other === "") return true;
  const count = (of: string) => [...new Intl.Segmenter("en").segment(of)].length;
  return count(text) > count(other);
}
