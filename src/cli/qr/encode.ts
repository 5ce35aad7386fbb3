import { errorCorrection } from "./reed-solomon.js";

/** Data and error-correction bytes of versions 1 to 5 at level L, one block each (ISO/IEC 18004, table 9). */
const versions = [
  { data: 19, correction: 7 },
  { data: 34, correction: 10 },
  { data: 55, correction: 15 },
  { data: 80, correction: 20 },
  { data: 108, correction: 26 },
];

/** The checkerboard, number 0: the least likely to leave large areas in a link. Readers take any of the eight. */
const isInverted = (row: number, column: number) => (row + column) % 2 === 0;
const maskNumber = 0;

/**
 * Writes a text as a QR code of level L (ISO/IEC 18004).
 * @returns rows of modules, true where dark, without a quiet zone; undefined for more than 106 bytes
 */
export function encodeQr(text: string): boolean[][] | undefined {
  const bytes = [...new TextEncoder().encode(text)];
  // Four bits of mode and eight of length go before the bytes.
  const version = versions.findIndex(({ data }) => bytes.length <= data - 2);
  if (version < 0) return undefined;
  const { data, correction } = versions[version]!;
  const codewords = codewordsOf(bytes, data);
  const bits = [...codewords, ...errorCorrection(codewords, correction)].flatMap(bitsOf);
  return draw(21 + 4 * version, bits);
}

function codewordsOf(bytes: number[], length: number): number[] {
  const nibbles = [
    4,
    bytes.length >> 4,
    bytes.length & 15,
    ...bytes.flatMap((byte) => [byte >> 4, byte & 15]),
    0,
  ];
  const codewords = Array.from(
    { length: nibbles.length / 2 },
    (_, i) => (nibbles[2 * i]! << 4) | nibbles[2 * i + 1]!,
  );
  for (let pad = 0xec; codewords.length < length; pad ^= 0xfd) codewords.push(pad);
  return codewords;
}

function bitsOf(byte: number): boolean[] {
  return Array.from({ length: 8 }, (_, i) => ((byte >> (7 - i)) & 1) === 1);
}

function draw(size: number, bits: boolean[]): boolean[][] {
  const modules: (boolean | undefined)[][] = Array.from({ length: size }, () => Array(size).fill(undefined));
  const set = (row: number, column: number, dark: boolean) => {
    if (row >= 0 && row < size && column >= 0 && column < size) modules[row]![column] = dark;
  };
  const square = (row: number, column: number, reach: number, isDark: (distance: number) => boolean) => {
    for (let y = -reach; y <= reach; y++)
      for (let x = -reach; x <= reach; x++)
        set(row + y, column + x, isDark(Math.max(Math.abs(x), Math.abs(y))));
  };
  for (let i = 0; i < size; i++) {
    set(6, i, i % 2 === 0);
    set(i, 6, i % 2 === 0);
  }
  if (size > 21) square(size - 7, size - 7, 2, (distance) => distance !== 1);
  for (const [row, column] of [
    [3, 3],
    [3, size - 4],
    [size - 4, 3],
  ] as const)
    square(row, column, 4, (distance) => distance !== 2 && distance !== 4);
  drawFormat(size, set);
  let next = 0;
  for (const { row, column } of path(size)) {
    if (modules[row]![column] !== undefined) continue;
    modules[row]![column] = (bits[next++] ?? false) !== isInverted(row, column);
  }
  return modules as boolean[][];
}

/** Level and mask, twice: 15 bits with a BCH code of their own. */
function drawFormat(size: number, set: (row: number, column: number, dark: boolean) => void): void {
  const format = (1 << 3) | maskNumber;
  let rest = format << 10;
  for (let bit = 14; bit >= 10; bit--) if ((rest >> bit) & 1) rest ^= 0x537 << (bit - 10);
  const word = ((format << 10) | rest) ^ 0x5412;
  for (let i = 0; i < 15; i++) {
    const dark = ((word >> i) & 1) === 1;
    // Past the timing patterns, which lie in row and column 6.
    const along = i < 6 ? i : i < 8 ? i + 1 : undefined;
    if (along !== undefined) set(along, 8, dark);
    else set(8, i === 8 ? 7 : 14 - i, dark);
    if (i < 8) set(8, size - 1 - i, dark);
    else set(size - 15 + i, 8, dark);
  }
  set(size - 8, 8, true);
}

/** Where bits go: pairs of columns from the right, up and down in turn, leaving out the timing column. */
function* path(size: number): Generator<{ row: number; column: number }> {
  let up = true;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step++) {
      const row = up ? size - 1 - step : step;
      yield { row, column: right };
      yield { row, column: right - 1 };
    }
    up = !up;
  }
}
