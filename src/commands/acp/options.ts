/** What was typed after a command: words, and `--name value` pairs. */
export interface Options {
  words: string[];
  options: Record<string, string>;
}

/**
 * Reads words with quotes and options. Phones make one dash of two and curl quotes; both are taken as what was meant.
 * @param names options that take a value
 * @returns undefined when an option is not among the names or has no value
 */
export function readOptions(text: string, names: readonly string[]): Options | undefined {
  const parts = [...text.matchAll(/["“”]([^"“”]*)["“”]|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
  const found: Options = { words: [], options: {} };
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index]!;
    const name = /^(?:--|[—–])([a-z-]+)$/i.exec(part)?.[1]?.toLowerCase();
    if (name === undefined) {
      found.words.push(part);
      continue;
    }
    const value = parts[++index];
    if (!names.includes(name) || value === undefined) return undefined;
    found.options[name] = value;
  }
  return found;
}
