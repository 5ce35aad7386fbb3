/**
 * A server refuses the character NUL in a text, and half of a surrogate pair is no character in UTF-8; chat text may hold both.
 * They are kept as this mark, which no text uses (a noncharacter of Unicode), with the four digits of their code behind it;
 * so is the mark itself. The same on both sides of a comparison, so statements need not know.
 */
const mark = "\uFDD0";
const unstorable = /[\0\uFDD0]|\p{Cs}/gu;
/** The same inside JSON, where `JSON.stringify` has escaped them; every other escape is stepped over whole. */
const unstorableInJson = /\\(u0000|ud[89a-f][0-9a-f]{2}|[\s\S])|[\uFDD0]|\p{Cs}/giu;
const marked = new RegExp(`${mark}([0-9a-f]{4})`, "g");

const withMark = (character: string) => `${mark}${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** A text as the server can hold it. */
export function toWords(text: string): string {
  return text.replace(unstorable, withMark);
}

/** A text of the server as it was. */
export function fromWords(words: string): string {
  return words.replace(marked, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** A JSON text of the server as `JSON.parse` takes it. */
export function fromJsonWords(words: string): string {
  return words.replace(marked, (_, code: string) => (code === "fdd0" ? mark : `\\u${code}`));
}

/** The value of a JSON column, ready for the server: it must not be taken for plain text. */
export class Json {
  readonly words: string;

  /** @param text JSON */
  constructor(text: string) {
    this.words = text.replace(unstorableInJson, (found: string, escaped: string | undefined) => {
      if (escaped === undefined) return withMark(found);
      return escaped.length === 5 ? `${mark}${escaped.slice(1).toLowerCase()}` : found;
    });
  }
}

/** A value for a JSON column; null where there is none. */
export function json(value: unknown): Json | null {
  return value === undefined || value === null ? null : new Json(JSON.stringify(value));
}

/** JSON that is text already, for a JSON column; null where there is none. */
export function jsonText(text: string | null): Json | null {
  return text === null ? null : new Json(text);
}
