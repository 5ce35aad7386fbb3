import { stripVTControlCharacters } from "node:util";

let graphemes: Intl.Segmenter | undefined;

const wide =
  /[\u1100-\u115f\u231a\u231b\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f1e6}-\u{1f1ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f/u;
const invisible = /^[\p{M}\p{Cf}\p{Cc}]+$/u;

/** What a text is cut between: never inside an emoji of several code points or a letter with its accents. */
export function characters(text: string): string[] {
  // Plain ASCII, the usual case, needs no segmenter (40 times slower).
  if (/^[\x20-\x7e]*$/.test(text)) return text.split("");
  // Made when it is needed: 20 ms that most commands do not have to spend.
  graphemes ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  // A segment holds a copy of all that is segmented, so a long text is taken in parts. The last character of a part may
  // go on in the next one.
  const found: string[] = [];
  for (let start = 0; start < text.length; ) {
    const part = text.slice(start, start + partLength);
    const whole = Array.from(graphemes.segment(part), ({ segment }) => segment);
    if (start + part.length < text.length && whole.length > 1) whole.pop();
    for (const character of whole) {
      found.push(character);
      start += character.length;
    }
  }
  return found;
}

/** UTF-16 code units; no character that anybody wrote is as long. */
const partLength = 1000;

/** Columns that a text takes on a terminal; East Asian wide characters and emoji take two. Colours take none. */
export function columns(text: string): number {
  const plain = stripVTControlCharacters(text);
  if (/^[\x20-\x7e]*$/.test(plain)) return plain.length;
  return characters(plain).reduce((sum, character) => sum + columnsOf(character), 0);
}

function columnsOf(character: string): number {
  if (invisible.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

/** Cuts a plain text to at most so many columns, with `…` where something was left out. */
export function clip(text: string, width: number): string {
  // What takes no columns (marks, joiners) is bounded all the same.
  const head = text.slice(0, unitsPerColumn * Math.max(1, width));
  if (head.length === text.length && columns(text) <= width) return text;
  let left = Math.max(0, width - 1);
  let kept = "";
  for (const character of characters(head)) {
    left -= columnsOf(character);
    if (left < 0) break;
    kept += character;
  }
  return width > 0 ? `${kept}…` : "";
}

/** UTF-16 code units that a column may take: a family emoji with skin tones has 19 for two columns. */
const unitsPerColumn = 20;

/** Fills with spaces on the right. */
export function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - columns(text)));
}

/** Breaks a plain text into lines of at most so many columns, at spaces where there are any; line breaks are kept. */
export function wrap(text: string, width: number): string[] {
  return text.split(/\r\n|[\n\r\u2028\u2029]/).flatMap((line) => wrapLine(line, Math.max(2, width)));
}

function wrapLine(line: string, width: number): string[] {
  const lines: string[] = [];
  let current = "";
  for (const word of line.split(/(?<= )(?=[^ ])/)) {
    if (columns(current + word.trimEnd()) <= width) {
      current += word;
      continue;
    }
    if (current !== "") lines.push(current.trimEnd());
    current = "";
    for (const character of characters(word)) {
      if (columns(current) + columnsOf(character) > width && character !== " ") {
        lines.push(current);
        current = "";
      }
      current += character;
    }
  }
  return [...lines, current.trimEnd()];
}

/** Takes out what would move the cursor, colour the terminal or turn the writing direction; tabs become spaces. */
export function harmless(text: string): string {
  return text
    .replaceAll("\t", "  ")
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "");
}
