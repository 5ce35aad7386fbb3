// Writes mutants into a file, each behind a switch, so that one load of the sources serves all of them.

/**
 * @param text the file as it is
 * @param mutants its mutants, each with an `id`; they may lie within each other
 * @param switchPath how the file imports the switch
 * @returns the text with every mutant in it
 */
export function instrumented(text, mutants, switchPath) {
  return `import { isOn as __isOn } from "${switchPath}"; ${within(0, text.length, mutants)}`;

  function within(from, to, list) {
    const outermost = list.filter((one) => !list.some((other) => other !== one && contains(other, one)));
    let out = "";
    let at = from;
    for (const { id, start, end, replacement, isStatement } of outermost.sort((a, b) => a.start - b.start)) {
      const inner = list.filter((other) => other.id !== id && other.start >= start && other.end <= end);
      const original = within(start, end, inner);
      out += text.slice(at, start);
      out += isStatement
        ? `{ if (!__isOn("${id}")) { ${original} } }`
        : `(__isOn("${id}") ? (${replacement}) : (${original}))`;
      at = end;
    }
    return out + text.slice(at, to);
  }
}

/** One place holds one mutant, so that two never have the same span. */
const contains = (outer, inner) => outer.start <= inner.start && outer.end >= inner.end;
