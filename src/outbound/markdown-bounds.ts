/**
 * What one answer may ask of the Markdown parser. An answer's text comes from outside, and micromark 4 takes time with
 * the square of some things in it. `node bench/markdown.mjs` measures them; behind each bound stands what the parser
 * takes at it, and what it takes far outside, as processor time on one slow core.
 */
const bounds = {
  /** UTF-16 code units. Ordinary text takes 15 ms per 1,000 at most: 0.3 s. */
  length: 20_000,
  /** Every line may be a block, and blocks cost most per unit: `a\n=\n` takes 0.5 s at 1,000 lines. */
  lines: 1000,
  /** Block quotes and lists one in another: 10 ms; 10,000 times `>` take 1 s, and more end the stack. */
  nesting: 20,
  /** Block quotes and lists opened in all lines together: 0.3 s; 16,000 units of ten a line 1.2 s. */
  containers: 2000,
  /** Runs of `*`, `_` and `~`. Each that closes looks back at all that may open: 0.2 s; 32,000 units of `*a_ ` above 4 s. */
  delimiters: 1000,
  /** `[` and `]`. Each that closes looks back likewise: 0.1 s; 16,000 units of `[` and `](b)` take 1.2 s. */
  brackets: 1000,
  /** Runs of backticks. Each looks ahead for its end: 0.1 s. */
  backticks: 2000,
  /**
   * Pipes of the widest line times lines, added up over what stands between blank lines: the parser takes a row of pipes
   * with their square, and short rows are filled up to the columns of their table. 0.2 s; 300 columns with 1,000 rows 1.7 s.
   */
  cells: 5000,
} as const;

/**
 * Whether a text is worth parsing: one pass over it counts what the parser would be slow for. A text that exceeds a
 * bound is shown as it was written.
 */
export function isWithinBounds(text: string): boolean {
  if (text.length > bounds.length) return false;
  let delimiters = 0;
  let brackets = 0;
  let backticks = 0;
  let lines = 0;
  let containers = 0;
  let cells = 0;
  let widest = 0;
  let linesOfBlock = 0;
  for (let start = 0; start <= text.length; ) {
    const lineEnd = text.indexOf("\n", start);
    const end = lineEnd === -1 ? text.length : lineEnd;
    const nesting = nestingOf(text, start, end);
    containers += nesting;
    if (++lines > bounds.lines || nesting > bounds.nesting) return false;
    let pipes = 0;
    for (let at = start; at < end; at++) {
      const mark = text[at];
      if (mark === "|") pipes++;
      else if (mark === "[" || mark === "]") brackets++;
      else if ((mark === "*" || mark === "_" || mark === "~") && text[at - 1] !== mark) delimiters++;
      else if (mark === "`" && text[at - 1] !== mark) backticks++;
    }
    widest = Math.max(widest, pipes);
    linesOfBlock++;
    const isBlank = text.slice(start, end).trim() === "";
    if (isBlank || end === text.length) {
      cells += widest * linesOfBlock;
      widest = 0;
      linesOfBlock = 0;
    }
    start = end + 1;
  }
  return (
    containers <= bounds.containers &&
    delimiters <= bounds.delimiters &&
    brackets <= bounds.brackets &&
    backticks <= bounds.backticks &&
    cells <= bounds.cells
  );
}

/**
 * How deep block quotes and lists may nest in a line, counted up to a little above the bound. Two columns of white space
 * before a marker may be one more level that an earlier line opened.
 */
function nestingOf(text: string, start: number, end: number): number {
  let depth = 0;
  for (let at = start; depth <= bounds.nesting; ) {
    let columns = 0;
    for (; text[at] === " " || text[at] === "\t"; at++) columns += text[at] === "\t" ? 4 : 1;
    const after = afterMarker(text, at, end);
    if (after === undefined) break;
    depth += 1 + Math.floor(columns / 2);
    at = after;
  }
  return depth;
}

/** @returns the offset behind `>`, `-`, `1.` or a footnote's `[^a]:`, undefined where none stands */
function afterMarker(text: string, at: number, end: number): number | undefined {
  const mark = at < end ? text[at]! : "";
  let after = at + 1;
  if (mark === ">") return after;
  if (isDigit(mark)) {
    while (isDigit(text[after])) after++;
    if (text[after] !== "." && text[after] !== ")") return undefined;
    after++;
  } else if (mark === "[" && text[after] === "^") {
    while (after < end && text[after] !== "]") after++;
    return text[after + 1] === ":" ? after + 2 : undefined;
  } else if (mark !== "-" && mark !== "+" && mark !== "*") return undefined;
  return after >= end || text[after] === " " || text[after] === "\t" ? after : undefined;
}

function isDigit(mark: string | undefined): boolean {
  return mark !== undefined && mark >= "0" && mark <= "9";
}
