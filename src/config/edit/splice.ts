/** One change of a text: what stands from `start` to `end` (exclusive) gives way to `text`. */
export interface Splice {
  start: number;
  end: number;
  text: string;
}

/** Applies changes that do not overlap, in any order; every other byte stays. */
export function applySplices(source: string, splices: Splice[]): string {
  let result = source;
  for (const { start, end, text } of splices.toSorted((a, b) => b.start - a.start || b.end - a.end))
    result = result.slice(0, start) + text + result.slice(end);
  return result;
}

/** @returns the white space at the start of the line that holds an offset */
export function marginAt(source: string, offset: number): string {
  return /^[ \t]*/.exec(source.slice(lineStart(source, offset)))![0];
}

/** @returns the offset of the first character of the line that holds an offset */
export function lineStart(source: string, offset: number): number {
  return Math.max(source.lastIndexOf("\n", offset - 1), source.lastIndexOf("\r", offset - 1)) + 1;
}

/** @returns the end of the comments that follow an offset on its line, or the offset when none does */
export function afterComments(source: string, offset: number): number {
  const comments = /(?:[ \t]*\/\*[^\n\r]*?\*\/)*(?:[ \t]*\/\/[^\n\r\u2028\u2029]*)?/y;
  comments.lastIndex = offset;
  return offset + comments.exec(source)![0].length;
}
