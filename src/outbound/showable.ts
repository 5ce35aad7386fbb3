/** A terminal's sequences: those with parameters, those that end with BEL or ST, and the short ones (ECMA-48). */
const sequences =
  /\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]/g;
/** NUL cuts a text (protocol reference 12, row 14); none of the others shows. Tab and line feed stay. */
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;
/** Half of a surrogate pair cannot be written as UTF-8. */
const halves = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** What Messages can show of a text: what programs write for terminals, and what is no character, is left out. */
export function showable(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(sequences, "").replace(controls, "").replace(halves, "\ufffd");
}

/** Whether a text shows nothing at all: white space, and characters without a look of their own. */
export function isBlank(text: string): boolean {
  return /^[\s\p{Cc}\p{Default_Ignorable_Code_Point}]*$/u.test(text);
}
