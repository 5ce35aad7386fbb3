/** An archive as text: its head, and what can be read of it as UTF-8 (protocol reference 8.4, and 12, row 14). */
const archive = /^[\p{Cc}\ufffd]*streamtyped[\p{Cc}\ufffd]/u;
/** What stands before the length of an archive's string, after its class. */
const beforeString = "\u0001+";
/** What follows it: the first run of attributes. Its first two bytes are no UTF-8. */
const runs = ["\ufffd\ufffd\u0002iI\u0001", "\u0086\u0084\u0002iI\u0001"];
/** UTF-16 that was read as UTF-8: each letter has a zero byte behind it, or before it. */
const wide = /^(?:\ufffd\ufffd|\ufeff)?(?:(?:[^\0]\0)+|(?:\0[^\0])+)$/;
/** Length from which the decoder of 0.9 leaves a byte of the length before the text; two bytes of length end there. */
const strayFrom = 8192;
const strayTo = 32_767;

/** A row's text as far as it could be made out. */
export interface DecodedText {
  text: string;
  /** Set where there was a text of which nothing can be read. */
  undecoded?: true;
}

/**
 * Makes out the words of a text that imsg could not decode (protocol reference 8.4): an archive that came through as it
 * is, UTF-16, attributes behind the text, a byte of the length before it.
 * @param mayHaveStray the build is one whose decoder leaves such a byte
 */
export function decodeText(raw: string, mayHaveStray: boolean): DecodedText {
  if (archive.test(raw)) {
    const text = textOfArchive(raw);
    return text === undefined ? { text: "", undecoded: true } : { text };
  }
  if (raw.includes("\0") && wide.test(raw)) return { text: raw.replace(/[\0\ufffd\ufeff]/g, "") };
  const text = withoutRuns(raw);
  if (isBinary(text)) return { text: "", undecoded: true };
  return { text: mayHaveStray ? withoutStray(text) : text };
}

function textOfArchive(raw: string): string | undefined {
  const start = raw.indexOf(beforeString, raw.indexOf("String")) + beforeString.length;
  const end = runAt(raw, start);
  if (start < beforeString.length || end === -1) return undefined;
  const counted = raw.slice(start, end);
  // One to five bytes, of which some may have become one character.
  return [1, 2, 3, 4, 5].map((width) => afterLength(counted, width)).find((text) => text !== undefined);
}

/** Attributes that a decoder left behind a text. */
function withoutRuns(raw: string): string {
  const at = runAt(raw, 0);
  return at !== -1 && /__kIM|NSDictionary/.test(raw.slice(at)) ? raw.slice(0, at) : raw;
}

function runAt(raw: string, from: number): number {
  return Math.max(...runs.map((run) => raw.indexOf(run, from)));
}

/** The text behind a length, if that is its length: nothing is guessed. */
function afterLength(counted: string, width: number): string | undefined {
  const text = counted.slice(width);
  return lengthBytes(Buffer.byteLength(text)).toString("utf8") === counted.slice(0, width) ? text : undefined;
}

/** A length as archives have it (protocol reference 8.4): a byte, or a mark and two or four bytes. */
function lengthBytes(length: number): Buffer {
  if (length <= 127) return Buffer.from([length]);
  const bytes = Buffer.alloc(length <= strayTo ? 3 : 5, length <= strayTo ? 0x81 : 0x82);
  if (length <= strayTo) bytes.writeUInt16LE(length, 1);
  else bytes.writeUInt32LE(length, 1);
  return bytes;
}

/** Nobody types control characters: what has many of them is no text. */
function isBinary(text: string): boolean {
  const controls = text.match(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u0080-\u009f]/g)?.length ?? 0;
  return controls >= 2 && controls * 5 >= text.length;
}

function withoutStray(text: string): string {
  const [first = ""] = text;
  const rest = text.slice(first.length);
  if (rest.length * 3 < strayFrom) return text;
  const length = Buffer.byteLength(rest);
  const isStray = length >= strayFrom && length <= strayTo && first.codePointAt(0) === length >> 8;
  return isStray ? rest : text;
}
