import type { ConfigPath } from "../path.js";
import type { Member, Node } from "./scan.js";

/** A place in a text: both count from 1, columns in UTF-16 units. */
export interface Position {
  line: number;
  column: number;
}

/** @returns line and column of an offset; line feeds, carriage returns and both together end a line */
export function positionAt(source: string, offset: number): Position {
  let line = 1;
  let lineStart = 0;
  for (const { 0: end, index } of source.matchAll(/\r\n|\n|\r/g)) {
    if (index + end.length > offset) break;
    line++;
    lineStart = index + end.length;
  }
  return { line, column: offset - lineStart + 1 };
}

/** What stands at a path, as far as the text goes. */
export interface Found {
  /** How many parts of the path exist. */
  depth: number;
  /** The deepest value that exists. */
  node: Node;
  /** Its key, when it stands in an object. */
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
