/** Multiplies in GF(256) with the polynomial of QR codes, x⁸ + x⁴ + x³ + x² + 1. */
function multiply(a: number, b: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ ((product >> 7) * 0x11d);
    product ^= ((b >> bit) & 1) * a;
  }
  return product;
}

/** @returns so many Reed-Solomon bytes for a block of data (ISO/IEC 18004, 7.5) */
export function errorCorrection(data: readonly number[], count: number): number[] {
  // Coefficients of ∏ (x − 2ⁱ), the leading 1 left out.
  let generator: number[] = [...Array<number>(count - 1).fill(0), 1];
  for (let i = 0, root = 1; i < count; i++, root = multiply(root, 2))
    generator = generator.map((coefficient, j) => multiply(coefficient, root) ^ (generator[j + 1] ?? 0));
  let rest = Array<number>(count).fill(0);
  for (const byte of data) {
    const factor = byte ^ rest[0]!;
    rest = [...rest.slice(1), 0].map((value, i) => value ^ multiply(generator[i]!, factor));
  }
  return rest;
}
