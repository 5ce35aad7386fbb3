import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** One pixel. */
export const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
/** The first bytes are what tells a type. */
export const heads = {
  jpeg: Buffer.from("ffd8ffe000104a46494600", "hex"),
  heic: Buffer.concat([Buffer.from("0000001c", "hex"), Buffer.from("ftypheic\0\0\0\0mif1heic")]),
  mov: Buffer.concat([Buffer.from("00000014", "hex"), Buffer.from("ftypqt  \0\0\0\0qt  ")]),
  caf: Buffer.from("caff\0\x01\0\0desc"),
  m4a: Buffer.concat([Buffer.from("0000001c", "hex"), Buffer.from("ftypM4A \0\0\0\0M4A mp42")]),
  pdf: Buffer.from("%PDF-1.7\n"),
};

/** A tenth of a second of silence as a phone over MMS records it: five frames of AMR at 12.2 kbit/s, RFC 4867. */
export function amr(): Buffer {
  const frame = Buffer.concat([Buffer.from([0x3c]), Buffer.alloc(31)]);
  return Buffer.concat([Buffer.from("#!AMR\n"), ...Array<Buffer>(5).fill(frame)]);
}

/** A tenth of a second of silence in Apple's Core Audio Format: linear PCM, 8 kHz, 16 bits, one channel. */
export function caf(): Buffer {
  const samples = Buffer.alloc(1600);
  const chunk = (type: string, content: Buffer) => {
    const head = Buffer.alloc(12);
    head.write(type, "latin1");
    head.writeBigInt64BE(BigInt(content.length), 4);
    return Buffer.concat([head, content]);
  };
  const description = Buffer.alloc(32);
  description.writeDoubleBE(8000, 0);
  description.write("lpcm", 8, "latin1");
  for (const [at, value] of [
    [12, 0],
    [16, 2],
    [20, 1],
    [24, 1],
    [28, 16],
  ] as const)
    description.writeUInt32BE(value, at);
  const data = Buffer.concat([Buffer.alloc(4), samples]);
  return Buffer.concat([
    Buffer.from("caff\0\x01\0\0", "latin1"),
    chunk("desc", description),
    chunk("data", data),
  ]);
}

/** An M4A as phones that are not Apple's write it: of a general brand that names the one of recordings as compatible. */
export function m4a(): Buffer {
  const box = (type: string, content: Buffer) => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(content.length + 8);
    head.write(type, 4, "latin1");
    return Buffer.concat([head, content]);
  };
  return Buffer.concat([box("ftyp", Buffer.from("mp42\0\0\0\0isomM4A mp42")), box("mdat", Buffer.alloc(64))]);
}

/** Writes a file and the folders above it. @returns its path */
export function put(folder: string, name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

/** A file of an exact size that starts as a PNG does. */
export function pngOf(bytes: number): Buffer {
  const content = Buffer.alloc(bytes, 1);
  png.copy(content, 0, 0, Math.min(png.length, bytes));
  return content;
}
