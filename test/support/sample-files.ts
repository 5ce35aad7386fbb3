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
