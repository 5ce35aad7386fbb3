import type { ArrayNode, Item, Member, ObjectNode } from "../json5/scan.js";
import { lineStart, type Splice } from "./splice.js";

/** Takes a key with its value, or a place of a list, out of a text. Comments around it stay. */
export function remove(source: string, holder: ObjectNode | ArrayNode, index: number): Splice[] {
  const items: Item[] = holder.kind === "object" ? holder.members : holder.items;
  const item = items[index]!;
  const start = (item as Partial<Member>).keyStart ?? item.value.start;
  const previous = items[index - 1];
  const splices: Splice[] = [];
  let end = item.value.end;
  if (item.comma !== undefined) {
    // A comment may stand between value and comma.
    if (source.slice(end, item.comma).trim() === "") end = item.comma + 1;
    else splices.push({ start: item.comma, end: item.comma + 1, text: "" });
  } else if (previous?.comma !== undefined) {
    // Without this the text would end in a comma that it did not have.
    splices.push({ start: previous.comma, end: previous.comma + 1, text: "" });
  }
  return [...splices, withSpace(source, start, end, index === items.length - 1)];
}

/** Widens a removal to its whole lines, or to the space on one side of it. */
function withSpace(source: string, start: number, end: number, isLast: boolean): Splice {
  const line = lineStart(source, start);
  const before = source.slice(line, start);
  const [after] = /^[ \t]*(?:\r\n|\n|\r)?/.exec(source.slice(end))!;
  const endsLine = /[\n\r]$/.test(after);
  if (before.trim() === "" && endsLine) return { start: line, end: end + after.length, text: "" };
  // A comment before the removed part may run to the end of its line.
  if (isLast && !endsLine && before.trim() !== "" && !/\*\/[ \t]*$/.test(before))
    return { start: line + before.trimEnd().length, end, text: "" };
  return { start, end: endsLine ? end : end + after.length, text: "" };
}
