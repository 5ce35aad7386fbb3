import type { Member, Node } from "../json5/scan.js";

/** How a JSON5 text is written, so that what is added looks as if it had always been there. */
export interface SourceStyle {
  /** White space of one level. */
  indent: string;
  newline: string;
  /** Quotes of texts. */
  quote: '"' | "'";
  /** Whether keys that need no quotes have them all the same. */
  quoteKeys: boolean;
  trailingCommas: boolean;
}

/** Reads the style off a text; what it does not show is two spaces, double quotes, bare keys, no trailing commas. */
export function styleOf(source: string, root: Node): SourceStyle {
  const indents = [...source.matchAll(/^([ \t]+)\S/gm)].map(([, white]) => white!);
  const shortest = indents.reduce(
    (best, white) => (white.length < best.length ? white : best),
    indents[0] ?? "  ",
  );
  const facts = { single: 0, double: 0, quotedKeys: 0, bareKeys: 0, trailing: 0 };
  collect(source, root, facts);
  return {
    indent: shortest.startsWith("\t") ? "\t" : shortest,
    newline: /\r\n/.test(source) ? "\r\n" : "\n",
    quote: facts.single > facts.double ? "'" : '"',
    quoteKeys: facts.quotedKeys > facts.bareKeys,
    trailingCommas: facts.trailing > 0,
  };
}

type StyleCounts = { single: number; double: number; quotedKeys: number; bareKeys: number; trailing: number };

function collect(source: string, node: Node, facts: StyleCounts): void {
  if (node.kind === "scalar") {
    if (source[node.start] === "'") facts.single++;
    if (source[node.start] === '"') facts.double++;
    return;
  }
  const items = node.kind === "object" ? node.members : node.items;
  if (items.at(-1)?.comma !== undefined) facts.trailing++;
  for (const item of items) {
    if (node.kind === "object") {
      // A key that needs its quotes says nothing about the style.
      const { key, keyStart } = item as Member;
      if (/^["']/.test(source[keyStart]!)) facts.quotedKeys += isBareKey(key) ? 1 : 0;
      else facts.bareKeys++;
    }
    collect(source, item.value, facts);
  }
}

/** @returns whether a key may stand without quotes in JSON5 */
export function isBareKey(key: string): boolean {
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(key);
}
