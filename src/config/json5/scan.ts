import JSON5 from "json5";

/** A value of a JSON5 text with its place: offsets in UTF-16 units, `end` exclusive. */
export type Node = ScalarNode | ObjectNode | ArrayNode;

export interface ScalarNode {
  kind: "scalar";
  start: number;
  end: number;
}

export interface ObjectNode {
  kind: "object";
  start: number;
  end: number;
  members: Member[];
}

export interface ArrayNode {
  kind: "array";
  start: number;
  end: number;
  items: Item[];
}

/** A place in a list; `comma` is the offset of the comma behind it, absent where there is none. */
export interface Item {
  value: Node;
  comma?: number;
}

/** A key with its value. */
export interface Member extends Item {
  key: string;
  keyStart: number;
  keyEnd: number;
}

/** How deep objects and lists may stand in each other; a configuration has a tenth of that. */
export const deepest = 100;

/** A text whose objects and lists stand in each other too deep to be walked through. */
export class TooDeep extends Error {
  /** @param offset of the first bracket that is too deep */
  constructor(readonly offset: number) {
    super(`objects and lists stand in each other more than ${deepest} levels deep`);
  }
}

/**
 * Finds where everything stands in a JSON5 text. `@croct/json5-parser` was tried for this and refuses valid JSON5
 * (`'say "hi"'`, `\x41`, escapes in keys), so the places are found here; the values always come from json5.
 * @param source a text that `JSON5.parse` accepts; anything else gives an unspecified tree or throws
 * @throws TooDeep
 */
export function scan(source: string): Node {
  const scanner = new Scanner(source);
  scanner.skip();
  return scanner.value();
}

/** @returns whether a text holds nothing but white space and comments */
export function isBlank(source: string): boolean {
  const scanner = new Scanner(source);
  scanner.skip();
  return scanner.ended;
}

class Scanner {
  #at = 0;
  #depth = 0;

  constructor(private readonly source: string) {}

  get ended(): boolean {
    return this.#at === this.source.length;
  }

  /** Passes white space and comments. */
  skip(): void {
    const insignificant = /(?:[\s\ufeff]+|\/\/[^\n\r\u2028\u2029]*|\/\*[\s\S]*?\*\/)*/y;
    insignificant.lastIndex = this.#at;
    this.#at += insignificant.exec(this.source)?.[0].length ?? 0;
  }

  value(): Node {
    const start = this.#at;
    const first = this.source[start];
    if (first === "{") return this.#object(start);
    if (first === "[") return this.#array(start);
    this.#scalar();
    return { kind: "scalar", start, end: this.#at };
  }

  #object(start: number): ObjectNode {
    const members: Member[] = [];
    this.#open();
    while (this.source[this.#at] !== "}") {
      const keyStart = this.#at;
      this.#scalar();
      const keyEnd = this.#at;
      this.skip();
      this.#at++; // the colon
      this.skip();
      const value = this.value();
      members.push({ key: this.#key(keyStart, keyEnd), keyStart, keyEnd, value, ...this.#comma() });
    }
    this.#depth--;
    return { kind: "object", start, end: ++this.#at, members };
  }

  #array(start: number): ArrayNode {
    const items: Item[] = [];
    this.#open();
    while (this.source[this.#at] !== "]") items.push({ value: this.value(), ...this.#comma() });
    this.#depth--;
    return { kind: "array", start, end: ++this.#at, items };
  }

  #open(): void {
    if (++this.#depth > deepest) throw new TooDeep(this.#at);
    this.#at++;
    this.skip();
  }

  #comma(): { comma?: number } {
    this.skip();
    if (this.source[this.#at] !== ",") return {};
    const comma = this.#at++;
    this.skip();
    return { comma };
  }

  /** Passes a text, number, word or bare key. */
  #scalar(): void {
    const scalar =
      /"[^"\\]*(?:\\[\s\S][^"\\]*)*"|'[^'\\]*(?:\\[\s\S][^'\\]*)*'|(?:(?!\/[/*])[^\s\ufeff,:{}[\]"'])+/y;
    scalar.lastIndex = this.#at;
    const match = scalar.exec(this.source);
    if (match === null) throw new SyntaxError(`not JSON5 at offset ${this.#at}`);
    this.#at += match[0].length;
  }

  #key(start: number, end: number): string {
    const raw = this.source.slice(start, end);
    if (!/^["']|\\/.test(raw)) return raw;
    return /^["']/.test(raw) ? JSON5.parse(raw) : Object.keys(JSON5.parse(`{${raw}:0}`) as object)[0]!;
  }
}
