/** More combining marks in a row than any writing has (Unicode's Stream-Safe Text Format, UAX 15). */
const tooManyMarks = /\p{M}{31}/u;

/**
 * Brings a text into a Unicode normal form. Putting marks into their order takes time with the square of their number,
 * so a text with a longer row of them than Unicode calls safe stays as it is.
 */
export function normalForm(text: string, form: "NFC" | "NFKC"): string {
  return tooManyMarks.test(text) ? text : text.normalize(form);
}
