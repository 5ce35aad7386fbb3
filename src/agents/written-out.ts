/** Characters that hide, or turn others around; those that emoji are made with are no disguise. */
const hidden = /(?!\n|\t|\u200d|\ufe0f)[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029]/gu;

/** A text that somebody decides by (behaviour 6.5), with what would not be seen of it written out: `\u{202e}`. */
export function writtenOut(text: string): string {
  const written = (mark: string) => `\\u{${mark.codePointAt(0)!.toString(16)}}`;
  return text.replace(/\r\n/g, "\n").replace(hidden, written);
}
