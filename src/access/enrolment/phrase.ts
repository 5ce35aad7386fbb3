import { phraseWords } from "./words.js";

/** Words of a phrase: 32 bits, against at most {@link mostGuesses} tries. */
export const phraseLength = 4;

/** How long a phrase is taken, milliseconds (behaviour 3.6). */
export const enrolmentLifetimeMs = 15 * 60_000;

/** Wrong phrases of one sender after which that sender is not listened to any more; a slip of memory or two is allowed. */
export const mostGuessesPerSender = 3;
/** Wrong phrases of all senders that end the enrolment. One sender cannot end it: that would lock the owner out. */
export const mostGuesses = 20;

const known = new Set(phraseWords);

/** Longer texts say no phrase, UTF-16 code units: four words take 40 at most, and people type a blank or two too many. */
const longestText = 200;

/**
 * Writes a phrase from random bytes, a word each.
 * @param random at least {@link phraseLength} bytes from a cryptographic source
 * @throws RangeError when there are too few bytes
 */
export function enrolmentPhrase(random: Uint8Array): string {
  if (random.length < phraseLength) throw new RangeError(`a phrase needs ${phraseLength} bytes`);
  return Array.from(random.subarray(0, phraseLength), (byte) => phraseWords[byte]).join(" ");
}

/**
 * Reads a phrase as a phone sends it: capitals, spaces and a full stop at the end do not matter.
 * @returns the phrase, or undefined when no phrase can look like that
 */
export function readPhrase(text: string): string | undefined {
  const said = text.trim();
  // Whoever writes in may be a stranger: nothing is looked for in a long text.
  if (said.length > longestText) return undefined;
  const words = said
    .toLowerCase()
    .replace(/[.!\s]+$/, "")
    .split(/\s+/);
  return words.length === phraseLength && words.every((word) => known.has(word))
    ? words.join(" ")
    : undefined;
}
