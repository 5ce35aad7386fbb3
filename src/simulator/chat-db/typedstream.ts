import { TypedstreamWriter } from "./typedstream-writer.js";

/**
 * `message.attributedBody`: a typedstream archive of an NSAttributedString (protocol reference 8.4). In the archive of a
 * plain text only its length, its bytes and the length of the one attribute run vary.
 */
const head = Buffer.from(
  "040b73747265616d747970656481e803840140848484124e5341747472696275746564537472696e67008484084e534f626a656374008592848484084e53537472696e67019484012b",
  "hex",
);
const between = Buffer.from("868402694901", "hex");
const tail = Buffer.from(
  "928484840c4e5344696374696f6e617279009484016901928496961d5f5f6b494d4d657373616765506172744174747269627574654e616d658692848484084e534e756d626572008484074e5356616c7565009484012a84999900868686",
  "hex",
);

/** A stretch of a text: one part of a message, or a name within it. */
export interface BodyRun {
  /** In UTF-16 units. */
  length: number;
  /** Index of the part of the message, 0 for the first. */
  part: number;
  /** Handle of the person who is named here. */
  mention?: string;
  /** GUID of the attachment that stands here. */
  file?: string;
}

/**
 * Archives a text as Messages does.
 * @param runs its stretches in order; one part when absent
 */
export function encodeAttributedBody(text: string, runs?: BodyRun[]): Uint8Array {
  if (runs !== undefined) return archiveOfRuns(text, runs);
  const bytes = Buffer.from(text, "utf8");
  return Buffer.concat([head, integer(bytes.length), bytes, between, integer(text.length), tail]);
}

/**
 * Reads the text of an archive.
 * @returns the text, or undefined when the blob holds no string
 */
export function decodeAttributedBody(blob: Uint8Array): string | undefined {
  const bytes = Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength);
  const mark = bytes.indexOf(Buffer.from([0x84, 0x01, 0x2b]));
  if (mark === -1 || mark + 3 >= bytes.length) return undefined;
  const at = mark + 3;
  const tag = bytes[at]!;
  const [length, width] =
    tag === 0x81 && at + 3 <= bytes.length
      ? [bytes.readInt16LE(at + 1), 3]
      : tag === 0x82 && at + 5 <= bytes.length
        ? [bytes.readInt32LE(at + 1), 5]
        : [tag, 1];
  const start = at + width;
  if (length < 0 || start + length > bytes.length) return undefined;
  return bytes.toString("utf8", start, start + length);
}

const ofObject: [string, number][] = [["NSObject", 0]];
const attributedStringClass: [string, number][] = [["NSAttributedString", 0], ...ofObject];
const stringClass: [string, number][] = [["NSString", 1], ...ofObject];
const dictionaryClass: [string, number][] = [["NSDictionary", 0], ...ofObject];
const numberClass: [string, number][] = [["NSNumber", 0], ["NSValue", 0], ...ofObject];

/** Each stretch has attributes of its own: Messages tells parts, names and files by them. */
function archiveOfRuns(text: string, runs: BodyRun[]): Uint8Array {
  const writer = new TypedstreamWriter();
  const string = (value: string) =>
    writer.type("@").begin(stringClass).type("+").bytes(Buffer.from(value, "utf8")).end();
  writer.type("@").begin(attributedStringClass);
  string(text);
  runs.forEach(({ length, part, mention, file }, index) => {
    const texts: [key: string, value: string | undefined][] = [
      ["__kIMMentionConfirmedMention", mention],
      ["__kIMFileTransferGUIDAttributeName", file],
    ];
    const given = texts.filter(([, value]) => value !== undefined);
    writer
      .type("iI")
      .integer(index + 1)
      .integer(length);
    writer
      .type("@")
      .begin(dictionaryClass)
      .type("i")
      .integer(given.length + 1);
    for (const [key, value] of given) {
      string(key);
      string(value!);
    }
    string("__kIMMessagePartAttributeName");
    writer.type("@").begin(numberClass).type("*").cString("i").type("i").integer(part).end();
    writer.end();
  });
  return writer.end().toBytes();
}

/** 0…127 is one byte; `81` and two bytes up to 32767; `82` and four bytes above. */
function integer(value: number): Buffer {
  if (value <= 127) return Buffer.from([value]);
  const bytes = Buffer.alloc(value <= 32767 ? 3 : 5);
  bytes[0] = value <= 32767 ? 0x81 : 0x82;
  if (value <= 32767) bytes.writeInt16LE(value, 1);
  else bytes.writeInt32LE(value, 1);
  return bytes;
}
