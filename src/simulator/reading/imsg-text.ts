import { decodeAttributedBody } from "../chat-db/typedstream.js";
import type { Place } from "../world/place.js";
import type { Row } from "../world/world.js";

const start = Buffer.from([0x01, 0x2b]);
const end = Buffer.from([0x86, 0x84]);

/**
 * The text of a row as imsg reads it: the text column, else what its decoder makes of `attributedBody`. Before 0.14.0
 * that decoder searches for marks instead of reading lengths (protocol reference 8.4 and 12, row 14).
 */
export function imsgText(place: Pick<Place, "since">, row: Row): string {
  if (row.text !== null && row.text !== "") return String(row.text);
  if (!(row.attributedBody instanceof Uint8Array)) return "";
  return place.since("0.14.0")
    ? (decodeAttributedBody(row.attributedBody) ?? "")
    : decodeByMarks(row.attributedBody);
}

/** The longest readable stretch between `01 2b` and `86 84`; the whole archive when there is none. */
export function decodeByMarks(blob: Uint8Array): string {
  const bytes = Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength);
  let longest: string | undefined;
  for (let at = bytes.indexOf(start); at !== -1; at = bytes.indexOf(start, at + 1)) {
    const stop = bytes.indexOf(end, at + 2);
    if (stop === -1) break;
    const text = readable(withoutLength(bytes.subarray(at + 2, stop)));
    if (text !== undefined && text.length > (longest?.length ?? 0)) longest = text;
  }
  return longest ?? bytes.toString("utf8");
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

function readable(bytes: Buffer): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.replace(/^\p{Cc}+/u, "").replace(/\0.*$/s, "");
  } catch {
    return undefined;
  }
}
