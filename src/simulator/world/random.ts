/**
 * The n-th number of the sequence that a seed names, in [0, 1). Without state, so that several processes can go on with
 * one sequence.
 */
export function randomAt(seed: number, n: number): number {
  // mulberry32: enough for choosing faults and words.
  let t = (Math.imul(seed, 0x9e3779b1) + Math.imul(n + 1, 0x6d2b79f5)) | 0;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
