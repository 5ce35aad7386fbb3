import { type FileHandle, open } from "node:fs/promises";
import { TapbackError } from "../../platform/index.js";

/** A file that goes into an archive: its name there, and where it lies or what it holds. */
export interface PackedFile {
  name: string;
  from: { path: string } | { text: string };
}

const block = 512;
/** Longest name that the plain header has room for, bytes. */
const longestName = 100;
const typePlain = "0";

/**
 * Writes files as a tar archive, the form that every system can look into.
 * @yields its pieces, in order
 * @throws the file system's error; `FAILED` for a name that the header has no room for
 */
export async function* packed(files: readonly PackedFile[]): AsyncGenerator<Buffer> {
  for (const { name, from } of files) {
    if ("text" in from) {
      const content = Buffer.from(from.text);
      yield header(name, content.length);
      yield padded(content);
      continue;
    }
    const handle = await open(from.path);
    try {
      const { size } = await handle.stat();
      yield header(name, size);
      yield* piecesOf(handle, size);
      yield Buffer.alloc(missing(size));
    } finally {
      await handle.close();
    }
  }
  yield Buffer.alloc(2 * block);
}

/**
 * Reads what {@link packed} wrote.
 * @param open is called for each file, in order, and gives what takes its pieces
 * @throws TapbackError `BACKUP_UNREADABLE`
 */
export async function unpack(
  archive: AsyncIterable<Buffer>,
  open: (name: string) => Promise<{ write(piece: Buffer): Promise<void>; end(): Promise<void> }>,
): Promise<void> {
  let held: Buffer = Buffer.alloc(0);
  let file: Awaited<ReturnType<typeof open>> | undefined;
  let left = 0;
  let padding = 0;
  let isOver = false;
  for await (const piece of archive) {
    held = held.length === 0 ? piece : Buffer.concat([held, piece]);
    for (;;) {
      if (file) {
        const part = held.subarray(0, left);
        await file.write(part);
        held = held.subarray(part.length);
        left -= part.length;
        if (left > 0) break;
        await file.end();
        file = undefined;
      }
      if (held.length < padding + block) break;
      held = held.subarray(padding);
      padding = 0;
      const head = held.subarray(0, block);
      if (isOver || head.every((byte) => byte === 0)) {
        isOver = true;
        break;
      }
      held = held.subarray(block);
      const { name, size } = read(head);
      file = await open(name);
      left = size;
      padding = missing(size);
    }
  }
  if (!isOver) throw unreadable("it ends before its end");
}

/** What is wrong with a file that is to be a backup. */
export function unreadable(why: string): TapbackError {
  return new TapbackError("BACKUP_UNREADABLE", `this is no whole backup of tapback: ${why}`);
}

async function* piecesOf(handle: FileHandle, size: number): AsyncGenerator<Buffer> {
  let left = size;
  while (left > 0) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(Math.min(left, 1 << 20)));
    if (bytesRead === 0) throw new Error("a file became shorter while it was read");
    left -= bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

function header(name: string, size: number): Buffer {
  if (Buffer.byteLength(name) > longestName) throw new Error(`the name ${name} is too long for an archive`);
  const head = Buffer.alloc(block);
  head.write(name, 0);
  head.write("0000600\0", 100);
  head.write("0000000\0", 108);
  head.write("0000000\0", 116);
  head.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  head.write("00000000000\0", 136);
  head.write("        ", 148);
  head.write(typePlain, 156);
  head.write("ustar\x0000", 257);
  head.write(`${sumOf(head).toString(8).padStart(6, "0")}\0 `, 148);
  return head;
}

function read(head: Buffer): { name: string; size: number } {
  const field = (from: number, length: number) =>
    head
      .subarray(from, from + length)
      .toString()
      .replace(/[\0 ][\s\S]*$/, "");
  const sum = Number.parseInt(field(148, 8), 8);
  const plain = Buffer.from(head);
  plain.write("        ", 148);
  const name = head.subarray(0, longestName).toString().replace(/\0.*$/s, "");
  const size = Number.parseInt(field(124, 12), 8);
  if (sum !== sumOf(plain) || field(156, 1) !== typePlain || !(size >= 0))
    throw unreadable("a head is wrong");
  // Nothing of an archive leads out of the folder that it is unpacked into.
  if (name.split("/").some((part) => part === "" || part === "." || part === ".."))
    throw unreadable(`it holds a file called ${name}`);
  return { name, size };
}

function sumOf(head: Buffer): number {
  return head.reduce((sum, byte) => sum + byte, 0);
}

function padded(content: Buffer): Buffer {
  return Buffer.concat([content, Buffer.alloc(missing(content.length))]);
}

/** Bytes up to the next whole block. */
function missing(size: number): number {
  return (block - (size % block)) % block;
}
