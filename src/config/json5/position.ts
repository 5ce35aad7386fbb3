import type { ConfigPath } from "../path.js";
import type { Member, Node } from "./scan.js";

/** A place in a text: both count from 1, columns in UTF-16 units. */
export interface Position {
  line: number;
  column: number;
}

/**
 * Finds the lines of a text once, for many places in it.
 * @returns line and column of an offset; line feeds, carriage returns and both together end a line
 */
export function positionsIn(source: string): (offset: number) => Position {
  const starts = [0];
  for (const { 0: end, index } of source.matchAll(/\r\n|\n|\r/g)) starts.push(index + end.length);
  return (offset) => {
    const line = countUpTo(starts, offset);
    return { line, column: offset - starts[line - 1]! + 1 };
  };
}

/** @param ascending its first is 0 @returns how many of them are not above a number */
function countUpTo(ascending: readonly number[], most: number): number {
  let low = 1;
  for (let high = ascending.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! <= most) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What stands at a path, as far as the text goes. */
export interface Found {
  /** How many parts of the path exist. */
  depth: number;
  /** The deepest value that exists. */
  node: Node;
  /** The value's key, when it stands in an object. */
  member?: Member;
}

/** Follows a path into the tree and stops where the text has no more of it. Of a repeated key the last counts, as in JSON5. */
export function follow(root: Node, path: ConfigPath): Found {
  let found: Found = { depth: 0, node: root };
  for (const part of path) {
    const { node } = found;
    if (node.kind === "object") {
      const member = node.members.findLast(({ key }) => key === String(part));
      if (member === undefined) break;
      found = { depth: found.depth + 1, node: member.value, member };
    } else if (node.kind === "array") {
      const item = /^\d+$/.test(String(part)) ? node.items[Number(part)] : undefined;
      if (item === undefined) break;
      found = { depth: found.depth + 1, node: item.value };
    } else break;
  }
  return found;
}

/** @returns the offset to point at for a path: the value when all of it exists, or its key when `atKey`, else the deepest part */
export function offsetOf(root: Node, path: ConfigPath, atKey = false): number {
  const { node, member, depth } = follow(root, path);
  return member !== undefined && (atKey || depth < path.length) ? member.keyStart : node.start;
}
