import { parseEnv } from "node:util";

/** Variables by name. */
export type Variables = Record<string, string>;

/** @returns whether a name can stand in the file and as `${NAME}` in the configuration */
export function isVariableName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}

/** Reads the text of a file of variables: `NAME=value` lines, `#` comments, quotes, `export` before a name. */
export function variablesIn(text: string): Variables {
  return { ...parseEnv(text) } as Variables;
}

/**
 * Puts a variable into the text, in place where it stands already; comments and the other variables stay as they are.
 * @returns undefined where that cannot be done for sure: the value holds each kind of quote, or a line that sets nothing runs
 *   into the next one
 */
export function withVariable(text: string, name: string, value: string): string | undefined {
  const parts = without(text, name);
  if (parts === undefined) return undefined;
  return [`'${value}'`, `"${value}"`, `\`${value}\``]
    .map((quoted) => joined(parts.rest.toSpliced(parts.at, 0, `${name}=${quoted}`)))
    .find((after) => isSame(variablesIn(after), { ...variablesIn(text), [name]: value }));
}

/** Takes a variable out of the text. @returns undefined where that cannot be done for sure */
export function withoutVariable(text: string, name: string): string | undefined {
  const { [name]: _, ...others } = variablesIn(text);
  const parts = without(text, name);
  const after = parts && joined(parts.rest);
  return after !== undefined && isSame(variablesIn(after), others) ? after : undefined;
}

/**
 * The parts of a text but those that set a variable, and where the first of these stood.
 * @returns undefined where what is left out is not the variable with its whole value
 */
function without(text: string, name: string): { rest: string[]; at: number } | undefined {
  const { [name]: value } = variablesIn(text);
  const parts = partsOf(text);
  const at = parts.findIndex((part) => part.name === name);
  const removed = joined(parts.flatMap((part) => (part.name === name ? [part.text] : [])));
  if (!isSame(variablesIn(removed), value === undefined ? {} : { [name]: value })) return undefined;
  const rest = parts.flatMap((part) => (part.name === name ? [] : [part.text]));
  return { rest, at: at < 0 ? rest.length : at };
}

/** Whole lines of the text: what sets a variable, to the end of its value, or one line that sets none. */
interface Part {
  name: string | undefined;
  text: string;
}

/** `NAME=`, with the quote that begins the value and what follows it, if any. */
const setting = /^(?!\s*#)\s*(?:export\s+)?([^=]*?)\s*=\s*(?:(['"`])(.*))?/;

function partsOf(text: string): Part[] {
  const lines = text === "" ? [] : text.replace(/\n$/, "").split("\n");
  const parts: Part[] = [];
  for (let at = 0; at < lines.length; ) {
    const [, name, quote, rest = ""] = setting.exec(lines[at]!) ?? [];
    const further = lines.slice(at + 1);
    // A quote that is never closed is a character of its line.
    const closing = quote === undefined ? -1 : [rest, ...further].findIndex((line) => line.includes(quote));
    const end = at + 1 + Math.max(0, closing);
    parts.push({ name, text: lines.slice(at, end).join("\n") });
    at = end;
  }
  return parts;
}

function joined(parts: string[]): string {
  return parts.map((part) => `${part}\n`).join("");
}

function isSame(a: Variables, b: Variables): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
