/**
 * What stands for something else in a row's text: U+FFFC for an attachment, U+FFFD for what could not be decoded
 * (protocol reference 4.7, 9.12), and control characters, which nobody types.
 */
const standIns = /[\ufffc\ufffd\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/** The words of a row's text, without what stands for something else in it. */
export function readableText(text: string): string {
  return text.replace(standIns, "").trim();
}

/** Whether a text is one link and nothing else. */
export function isLink(text: string): boolean {
  return /^https?:\/\/\S+$/i.test(text);
}
