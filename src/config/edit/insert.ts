import type { ArrayNode, Item, Member, ObjectNode } from "../json5/scan.js";
import { render, renderKey } from "./render.js";
import { afterComments, lineStart, marginAt, type Splice } from "./splice.js";
import type { SourceStyle } from "./style.js";

/**
 * Adds a value at the end of an object or list, on a line of its own where the others have one.
 * @param key the new key; undefined in a list
 */
export function insert(
  source: string,
  holder: ObjectNode | ArrayNode,
  key: string | undefined,
  value: unknown,
  style: SourceStyle,
): Splice[] {
  const items: Item[] = holder.kind === "object" ? holder.members : holder.items;
  const last = items.at(-1);
  const write = (margin: string) => {
    const text = render(value, style, margin);
    return key === undefined ? text : `${renderKey(key, style)}: ${text}`;
  };
  if (last === undefined) return intoEmpty(source, holder, write, style);
  const start = startOf(last);
  const behind = last.comma === undefined ? last.value.end : last.comma + 1;
  const comma = last.comma === undefined ? [{ start: behind, end: behind, text: "," }] : [];
  const ownLine = source.slice(lineStart(source, start), start).trim() === "";
  if (!ownLine) {
    const text = last.comma === undefined ? ` ${write("")}` : ` ${write("")},`;
    return [{ start: behind, end: behind, text: last.comma === undefined ? `,${text}` : text }];
  }
  const margin = marginAt(source, start);
  const at = afterComments(source, behind);
  const text = style.newline + margin + write(margin) + (last.comma === undefined ? "" : ",");
  if (at === behind) return [{ start: at, end: at, text: (comma[0]?.text ?? "") + text }];
  return [...comma, { start: at, end: at, text }];
}

function startOf(item: Item): number {
  return (item as Partial<Member>).keyStart ?? item.value.start;
}

/** An empty holder may still have comments inside; they stay in front. */
function intoEmpty(
  source: string,
  holder: ObjectNode | ArrayNode,
  write: (margin: string) => string,
  style: SourceStyle,
): Splice[] {
  const inside = source.slice(holder.start + 1, holder.end - 1);
  const margin = marginAt(source, holder.start);
  const inner = margin + style.indent;
  const at = holder.start + 1 + inside.trimEnd().length;
  const isRoot = source.slice(0, holder.start).trim() === "";
  const text = write(inner);
  if (!/[\n\r]/.test(inside) && !isRoot && !/[\n\r]/.test(text)) {
    const space = holder.kind === "object" ? " " : "";
    return [{ start: at, end: at, text: space + text + (inside === "" ? space : "") }];
  }
  const end = style.trailingCommas ? "," : "";
  const rest = /[\n\r]/.test(inside.slice(inside.trimEnd().length)) ? "" : style.newline + margin;
  return [{ start: at, end: at, text: style.newline + inner + text + end + rest }];
}
