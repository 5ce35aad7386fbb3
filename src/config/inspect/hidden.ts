import JSON5 from "json5";
import { positionsIn } from "../json5/position.js";
import { type Node, scan } from "../json5/scan.js";
import type { ConfigPath } from "../path.js";
import type { ConfigError } from "../problem.js";
import { isSecret } from "./secrets.js";

/** Names of fields that hold secrets, whatever the schema says of them. */
const name = "[\\w-]*(?:key|token|secret|passw(?:or)?d|passphrase|authorization|auth|cookie)";
const isNamed = new RegExp(`^${name}$`, "i");
/** The same in texts of which nothing else can be read. */
const written = new RegExp(
  `["']?${name}["']?\\s*:\\s*("(?:\\\\.|[^"\\\\\\n])*"|'(?:\\\\.|[^'\\\\\\n])*')`,
  "gi",
);
/** A shorter secret is a word of other places, too: `true`, or the name of a model. UTF-16 code units. */
const shortestElsewhere = 8;
/** A shorter value is none, UTF-16 code units. */
const shortest = 4;
const placeholder = (number: number) => `⟨secret ${number}⟩`;
const sign = /⟨secret (\d{1,4})⟩/g;

/** A part of a text that is treated on its own: the place of a secret, or what is no text at all. Offsets as in {@link Node}. */
interface Place {
  start: number;
  end: number;
  isSecret: boolean;
}

/**
 * Puts signs in the place of the secrets of a configuration text. Keys, numbers and the like stay as they are, so that a text that
 * can be read can be read afterwards.
 * @param source what decides which they are
 * @param text the same text, or another in which they may stand
 */
export function hideSecrets(source: string, text: string = source): string {
  const secrets = secretsOf(source);
  const signs = new Map(secrets.map((secret, index) => [secret, placeholder(index + 1)]));
  const places = text === source ? placesIn(source) : undefined;
  if (places === undefined) return signed(text, secrets, signs);
  const long = secrets.filter(({ length }) => length >= shortestElsewhere);
  let shown = "";
  let from = 0;
  for (const { start, end, isSecret: isHere } of places) {
    const part = text.slice(start, end);
    const shownAs = isHere ? signs.get(part.slice(1, -1)) : undefined;
    shown += signed(text.slice(from, start), long, signs);
    shown += shownAs === undefined ? part : `${part[0]}${shownAs}${part.at(-1)}`;
    from = end;
  }
  return shown + signed(text.slice(from), long, signs);
}

/** Puts the secrets back of which {@link hideSecrets} made signs. @param source as it was then */
export function showSecrets(source: string, text: string): string {
  const secrets = secretsOf(source);
  return text.replace(sign, (whole, number: string) => secrets[Number(number) - 1] ?? whole);
}

/** @param source as of {@link showSecrets} @returns what is wrong with the signs of a text that stand for no secret */
export function strangeSigns(source: string, text: string): ConfigError[] {
  const { length } = secretsOf(source);
  const positionOf = positionsIn(text);
  return [...text.matchAll(sign)]
    .filter(([, number]) => Number(number) < 1 || Number(number) > length)
    .map(({ 0: whole, index }) => ({
      ...{ path: "", ...positionOf(index), suggestion: null },
      message: `${whole} stands for no secret of the file`,
      expected: "the secret itself",
    }));
}

/** In one go: a sign is no text in which another secret may stand. @param secrets the longest first */
function signed(text: string, secrets: readonly string[], signs: ReadonlyMap<string, string>): string {
  if (secrets.length === 0) return text;
  const any = new RegExp(
    secrets.map((secret) => secret.replace(/[$()*+.?[\\\]^{|}]/g, "\\$&")).join("|"),
    "g",
  );
  return text.replace(any, (secret) => signs.get(secret)!);
}

/** As they are written, the longest first; what names a variable is none. */
function secretsOf(source: string): string[] {
  const found = new Set<string>();
  for (const [, value] of source.matchAll(written)) found.add(value!.slice(1, -1));
  for (const { start, end, isSecret: isHere } of placesIn(source) ?? [])
    if (isHere) found.add(source.slice(start + 1, end - 1));
  // What only looks like a sign gets one of its own, and so comes back as it was.
  for (const [whole] of source.matchAll(sign)) found.add(whole);
  return [...found]
    .filter((text) => text.length >= shortest && !/^\$\{\w+\}$/.test(text))
    .sort((one, other) => other.length - one.length || (one < other ? -1 : 1));
}

/** The places of a text that can be read, in their order; undefined of one that is broken. */
function placesIn(source: string): Place[] | undefined {
  const places: Place[] = [];
  try {
    JSON5.parse(source);
    collect(scan(source), [], source, places);
  } catch {
    return undefined;
  }
  return places;
}

function collect(node: Node, path: ConfigPath, source: string, places: Place[]): void {
  if (node.kind === "object")
    for (const { key, keyStart, keyEnd, value } of node.members) {
      places.push({ start: keyStart, end: keyEnd, isSecret: false });
      collect(value, [...path, key], source, places);
    }
  else if (node.kind === "array")
    for (const [index, { value }] of node.items.entries()) collect(value, [...path, index], source, places);
  else {
    const isText = /["']/.test(source[node.start]!);
    const isHere = isText && (isSecret(path) || isNamed.test(String(path.at(-1))));
    if (isHere || !isText) places.push({ start: node.start, end: node.end, isSecret: isHere });
  }
}
