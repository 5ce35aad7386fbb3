import type { Rolldown } from "tsdown";

const beyond = /[^\x00-\x7f]/;

/**
 * Writes what is beyond ASCII in the code as `\uXXXX`: one such character has V8 keep the whole file with two bytes for each of its
 * characters, for as long as the process lives.
 */
export const plainCharacters: Rolldown.Plugin = {
  name: "plain-characters",
  // After everything else: what prints code anew prints the characters themselves.
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== "chunk" || !beyond.test(chunk.code)) continue;
      refuseRaw(this.parse(chunk.code), chunk.code);
      chunk.code = escaped(chunk.code);
    }
  },
};

/** @returns code with the same meaning, wherever in a string, a template, a pattern or a name the characters stand */
export function escaped(code: string): string {
  return code.replace(/(\\*)([^\x00-\x7f])/g, (_, slashes: string, unit: string) => {
    const plain = `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
    if (slashes.length % 2 === 0) return slashes + plain;
    // At the end of a line it says that the string goes on.
    if (/[\u2028\u2029]/.test(unit)) throw new Error("a line separator behind a backslash");
    // It stood for the character itself.
    return slashes.slice(1) + plain;
  });
}

/** Whatever is given the source of a template, such as `String.raw`, would see the escape. @throws where one has such a character */
function refuseRaw(node: unknown, code: string): void {
  if (typeof node !== "object" || node === null) return;
  const { type, start, end } = node as { type?: string; start: number; end: number };
  if (type === "TaggedTemplateExpression" && beyond.test(code.slice(start, end)))
    throw new Error(`a tagged template that is not plain ASCII: ${code.slice(start, end)}`);
  for (const child of Object.values(node)) refuseRaw(child, code);
}
