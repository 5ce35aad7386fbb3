/** Longest pause between two tries of a send, milliseconds. */
const longestMs = 60_000;

/**
 * The pause before the next try of a send, whatever it failed with (behaviour 10.1): doubled after each try, up to a
 * minute, and a quarter longer or shorter by chance, so that chats that failed together do not come back together.
 * @param tries how often it was tried so far, from 1
 * @param firstMs the pause after the first try, milliseconds
 * @param random 0 to 1
 * @returns milliseconds
 */
export function pauseAfter(tries: number, firstMs: number, random: number): number {
  return Math.min(longestMs, firstMs * 2 ** (tries - 1)) * (0.75 + random / 2);
}
