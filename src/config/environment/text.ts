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
 * @returns undefined where that cannot be done for sure: the value holds each kind of quote, or the text a value of several lines
 *   that looks like the variable
 */
export function withVariable(text: string, name: string, value: string): string | undefined {
  const lines = linesWithout(text, name);
  return [`'${value}'`, `"${value}"`, `\`${value}\``]
    .map((quoted) => joined(lines.rest.toSpliced(lines.at, 0, `${name}=${quoted}`)))
    .find((after) => isSame(variablesIn(after), { ...variablesIn(text), [name]: value }));
}

/** Takes a variable out of the text. @returns undefined where that cannot be done for sure */
export function withoutVariable(text: string, name: string): string | undefined {
  const { [name]: _, ...others } = variablesIn(text);
  const after = joined(linesWithout(text, name).rest);
  return isSame(variablesIn(after), others) ? after : undefined;
}

/** The lines of a text but those that set a variable, and where the first of these stood. */
function linesWithout(text: string, name: string): { rest: string[]; at: number } {
  const lines = text.replace(/\n$/, "").split("\n");
  const all = text === "" ? [] : lines;
  const sets = new RegExp(`^\\s*(?:export\\s+)?${name}\\s*=`);
  const at = all.findIndex((line) => sets.test(line));
  const rest = all.filter((line) => !sets.test(line));
  return { rest, at: at < 0 ? rest.length : at };
}

function joined(lines: string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}

function isSame(a: Variables, b: Variables): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
