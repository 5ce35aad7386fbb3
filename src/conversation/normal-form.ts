/** More combining marks in a row than any writing has (Unicode's Stream-Safe Text Format, UAX 15). */
const tooManyMarks = /\p{M}{31}/u;

/**
 * Brings a text into Unicode's normal form C. Putting marks into their order takes time with the square of their number,
 * so a text with a longer row of them than Unicode calls safe stays as it is.
 */
export function normalForm(text: string): string {
  return tooManyMarks.test(text) ? text : text.normalize("NFC");
}
