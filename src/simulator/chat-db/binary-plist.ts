/** A number that is stored as a real, although it may be whole. */
export class Real {
  constructor(readonly value: number) {}
}

/** A reference of a keyed archive to one of its objects. */
export class Uid {
  constructor(readonly value: number) {}
}

/** What a property list holds; whole numbers become integers. */
export type PlistValue =
  | boolean
  | number
  | string
  | Real
  | Uid
  | Uint8Array
  | PlistValue[]
  | { [key: string]: PlistValue };

const magic = Buffer.from("bplist00");

/** Writes a binary property list as Apple's `bplist00`: equal texts are stored once. */
export function encodePlist(root: PlistValue): Uint8Array {
  const objects: Buffer[] = [];
  const texts = new Map<string, number>();
  const pending: { at: number; write(width: number): Buffer }[] = [];
  const add = (value: PlistValue): number => {
    const known = typeof value === "string" ? texts.get(value) : undefined;
    if (known !== undefined) return known;
    const at = objects.push(Buffer.alloc(0)) - 1;
    if (typeof value === "string") texts.set(value, at);
    if (Array.isArray(value)) {
      const items = value.map(add);
      pending.push({
        at,
        write: (width) => Buffer.concat([head(0xa0, items.length), numbers(items, width)]),
      });
    } else if (isDictionary(value)) {
      const keys = Object.keys(value).map(add);
      const values = Object.values(value).map(add);
      pending.push({
        at,
        write: (width) => Buffer.concat([head(0xd0, keys.length), numbers([...keys, ...values], width)]),
      });
    } else objects[at] = scalar(value);
    return at;
  };
  add(root);
  const width = widthOf(objects.length);
  for (const { at, write } of pending) objects[at] = write(width);
  const offsets: number[] = [];
  let at = magic.length;
  for (const object of objects) {
    offsets.push(at);
    at += object.length;
  }
  const trailer = Buffer.alloc(32);
  const offsetWidth = widthOf(at);
  trailer.writeUInt8(offsetWidth, 6);
  trailer.writeUInt8(width, 7);
  trailer.writeBigUInt64BE(BigInt(objects.length), 8);
  trailer.writeBigUInt64BE(BigInt(at), 24);
  return Buffer.concat([magic, ...objects, numbers(offsets, offsetWidth), trailer]);
}

/**
 * Reads a binary property list. Dates come back as reals.
 * @returns undefined when the bytes are no such list
 */
export function decodePlist(bytes: Uint8Array): PlistValue | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < 40 || !file.subarray(0, 8).equals(magic)) return undefined;
  const trailer = file.subarray(file.length - 32);
  const [offsetWidth, width] = [trailer.readUInt8(6), trailer.readUInt8(7)];
  const table = Number(trailer.readBigUInt64BE(24));
  const read = (index: number): PlistValue => {
    const at = file.readUIntBE(table + index * offsetWidth, offsetWidth);
    const [kind, low] = [file.readUInt8(at) & 0xf0, file.readUInt8(at) & 0x0f];
    if (kind === 0x00) return low === 9;
    if (kind === 0x10)
      return low === 3 ? Number(file.readBigInt64BE(at + 1)) : file.readUIntBE(at + 1, 2 ** low);
    if (kind === 0x20 || kind === 0x30)
      return new Real(low === 2 ? file.readFloatBE(at + 1) : file.readDoubleBE(at + 1));
    if (kind === 0x80) return new Uid(file.readUIntBE(at + 1, low + 1));
    const countWidth = low === 0x0f ? 2 ** (file.readUInt8(at + 1) & 0x0f) : 0;
    const count = low === 0x0f ? file.readUIntBE(at + 2, countWidth) : low;
    const start = at + 1 + (low === 0x0f ? 1 + countWidth : 0);
    if (kind === 0x40) return Buffer.from(file.subarray(start, start + count));
    if (kind === 0x50) return file.toString("latin1", start, start + count);
    if (kind === 0x60)
      return Buffer.from(file.subarray(start, start + count * 2))
        .swap16()
        .toString("utf16le");
    const item = (i: number) => read(file.readUIntBE(start + i * width, width));
    if (kind === 0xa0) return Array.from({ length: count }, (_, i) => item(i));
    if (kind !== 0xd0) throw new RangeError(`an object of kind ${kind}`);
    return Object.fromEntries(Array.from({ length: count }, (_, i) => [item(i), item(count + i)]));
  };
  try {
    return read(Number(trailer.readBigUInt64BE(16)));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** @returns whether a value is a dictionary, not one of the other objects */
export function isDictionary(value: PlistValue | undefined): value is { [key: string]: PlistValue } {
  return (
    typeof value === "object" &&
    !Array.isArray(value) &&
    !(value instanceof Real || value instanceof Uid || value instanceof Uint8Array)
  );
}

function scalar(value: boolean | number | string | Real | Uid | Uint8Array): Buffer {
  if (typeof value === "boolean") return Buffer.from([value ? 0x09 : 0x08]);
  if (typeof value === "number") return integer(value);
  if (value instanceof Uid) {
    const width = widthOf(value.value);
    return Buffer.concat([Buffer.from([0x80 | (width - 1)]), numbers([value.value], width)]);
  }
  if (value instanceof Real) {
    const bytes = Buffer.alloc(9, 0x23);
    bytes.writeDoubleBE(value.value, 1);
    return bytes;
  }
  if (typeof value !== "string") return Buffer.concat([head(0x40, value.length), value]);
  if (/^[\x00-\x7f]*$/.test(value))
    return Buffer.concat([head(0x50, value.length), Buffer.from(value, "latin1")]);
  return Buffer.concat([head(0x60, value.length), Buffer.from(value, "utf16le").swap16()]);
}

/** Below 2^32 unsigned in one, two or four bytes; all else in eight, signed. */
function integer(value: number): Buffer {
  if (value >= 0 && value < 2 ** 32) {
    const width = widthOf(value);
    return Buffer.concat([Buffer.from([0x10 | Math.log2(width)]), numbers([value], width)]);
  }
  const bytes = Buffer.alloc(9, 0x13);
  bytes.writeBigInt64BE(BigInt(value), 1);
  return bytes;
}

function head(kind: number, count: number): Buffer {
  return count < 15 ? Buffer.from([kind | count]) : Buffer.concat([Buffer.from([kind | 15]), integer(count)]);
}

function widthOf(largest: number): 1 | 2 | 4 {
  return largest < 0x100 ? 1 : largest < 0x1_0000 ? 2 : 4;
}

function numbers(values: number[], width: number): Buffer {
  const bytes = Buffer.alloc(values.length * width);
  values.forEach((value, index) => void bytes.writeUIntBE(value, index * width, width));
  return bytes;
}
