import { type Node, scan } from "../json5/scan.js";
import type { ConfigPath } from "../path.js";
import { isSecret } from "./secrets.js";

/** Names of fields that hold secrets, in texts of which nothing else can be read. */
const named =
  /["']?[\w-]*(?:key|token|secret|passw(?:or)?d|passphrase|authorization|auth|cookie)["']?\s*:\s*("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')/gi;
const placeholder = (number: number) => `⟨secret ${number}⟩`;

/**
 * Puts signs in the place of the secrets of a configuration text.
 * @param source what decides which they are
 * @param text the same text, or another in which they may stand
 */
export function hideSecrets(source: string, text: string = source): string {
  return secretsOf(source).reduce(
    (shown, secret, index) => shown.replaceAll(secret, placeholder(index + 1)),
    text,
  );
}

/** Puts the secrets back of which {@link hideSecrets} made signs. @param source as it was then */
export function showSecrets(source: string, text: string): string {
  const secrets = secretsOf(source);
  return text.replace(/⟨secret (\d{1,4})⟩/g, (sign, number: string) => secrets[Number(number) - 1] ?? sign);
}

/** As they are written, the longest first; what names a variable is none. */
function secretsOf(source: string): string[] {
  const found = new Set<string>();
  for (const [, written] of source.matchAll(named)) found.add(written!.slice(1, -1));
  try {
    collect(scan(source), [], source, found);
  } catch {
    // A text that is broken has those that its names tell.
  }
  return [...found]
    .filter((text) => text.length > 3 && !/^\$\{\w+\}$/.test(text))
    .sort((one, other) => other.length - one.length || (one < other ? -1 : 1));
}

function collect(node: Node, path: ConfigPath, source: string, found: Set<string>): void {
  if (node.kind === "object")
    for (const { key, value } of node.members) collect(value, [...path, key], source, found);
  else if (node.kind === "array")
    for (const [index, { value }] of node.items.entries()) collect(value, [...path, index], source, found);
  else {
    const written = source.slice(node.start, node.end);
    if (/^["']/.test(written) && isSecret(path)) found.add(written.slice(1, -1));
  }
}
