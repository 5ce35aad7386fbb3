import { err, ok, type Result } from "../../platform/index.js";

/** Deepest nesting of parentheses, signs and powers; the parser is recursive. */
const maxDepth = 50;
const maxLength = 200;

/**
 * Works out a sum: `+ - * / ^`, parentheses, decimals (`.`), thousands (`1,000`), `x`, `×`, `÷`, `15% of 80`, and `80 + 10%` as a
 * pocket calculator reads it.
 * @returns the value, or one sentence for the person
 */
export function calculate(text: string): Result<number, string> {
  if (text.length > maxLength) return err("That sum is too long for me.");
  const tokens = tokenize(text);
  if (tokens === undefined) return err("I cannot read that sum.");
  try {
    const parser = new Parser(tokens);
    const { value } = parser.sum(0);
    if (!parser.atEnd) return err("I cannot read that sum.");
    return Number.isFinite(value) ? ok(value) : err("That number is too large for me.");
  } catch (error) {
    if (error instanceof NotASum) return err(error.message);
    throw error;
  }
}

/** Writes a result with at most 12 significant digits, so that 0.1 + 0.2 is 0.3. */
export function formatNumber(value: number): string {
  return String(Number(value.toPrecision(12)));
}

class NotASum extends Error {}

type Token = number | "+" | "-" | "*" | "/" | "^" | "(" | ")" | "%" | "of";

function tokenize(text: string): Token[] | undefined {
  const pattern = /\s*(?:(\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)|(\*\*|[-+*/^()%×÷−x]|of\b))/giy;
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  while (pattern.lastIndex < end) {
    const found = pattern.exec(text);
    if (found === null) return undefined;
    if (found[1] !== undefined) tokens.push(Number(found[1].replaceAll(",", "")));
    else tokens.push(operator(found[2]!.toLowerCase()));
  }
  return tokens;
}

function operator(sign: string): Token {
  const same: Record<string, Token> = { "×": "*", x: "*", "÷": "/", "−": "-", "**": "^" };
  return same[sign] ?? (sign as Token);
}

/** A term, and whether it was a bare percentage (`10%`), which counts of what stands before it. */
interface Term {
  value: number;
  percentage: boolean;
}

class Parser {
  #next = 0;

  constructor(private readonly tokens: Token[]) {}

  get atEnd(): boolean {
    return this.#next === this.tokens.length;
  }

  sum(depth: number): Term {
    let left = this.#product(depth);
    for (let sign = this.#take("+", "-"); sign !== undefined; sign = this.#take("+", "-")) {
      const right = this.#product(depth);
      const amount = right.percentage ? left.value * right.value : right.value;
      left = { value: sign === "+" ? left.value + amount : left.value - amount, percentage: false };
    }
    return left;
  }

  #product(depth: number): Term {
    let left = this.#signed(depth);
    for (let sign = this.#take("*", "/", "of"); sign !== undefined; sign = this.#take("*", "/", "of")) {
      const { value } = this.#signed(depth);
      if (sign === "/" && value === 0) throw new NotASum("That divides by zero.");
      left = { value: sign === "/" ? left.value / value : left.value * value, percentage: false };
    }
    return left;
  }

  #signed(depth: number): Term {
    if (depth > maxDepth) throw new NotASum("That sum is nested too deeply for me.");
    const sign = this.#take("+", "-");
    if (sign === undefined) return this.#power(depth);
    const term = this.#signed(depth + 1);
    return { value: sign === "-" ? -term.value : term.value, percentage: term.percentage };
  }

  /** Binds tighter than a sign before it and to the right: -2^2 is -4, 2^3^2 is 512. */
  #power(depth: number): Term {
    const base = this.#percent(depth);
    if (this.#take("^") === undefined) return base;
    const value = base.value ** this.#signed(depth + 1).value;
    if (Number.isNaN(value)) throw new NotASum("That has no real result.");
    return { value, percentage: false };
  }

  #percent(depth: number): Term {
    let value = this.#atom(depth);
    let percentage = false;
    while (this.#take("%") !== undefined) {
      value /= 100;
      percentage = true;
    }
    return { value, percentage };
  }

  #atom(depth: number): number {
    const token = this.tokens[this.#next];
    this.#next += 1;
    if (typeof token === "number") return token;
    if (token !== "(") throw new NotASum("I cannot read that sum.");
    const { value } = this.sum(depth + 1);
    if (this.#take(")") === undefined) throw new NotASum("A parenthesis is not closed there.");
    return value;
  }

  #take(...wanted: Token[]): Token | undefined {
    const token = this.tokens[this.#next];
    if (token === undefined || !wanted.includes(token)) return undefined;
    this.#next += 1;
    return token;
  }
}
