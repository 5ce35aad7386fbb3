import type { List, ListItem, Nodes, RootContent } from "mdast";
import { renderHtml, renderInline } from "./markdown-inline.js";
import type { Scene } from "./markdown-scene.js";
import { renderTable } from "./markdown-table.js";

/** Writes blocks one below the other, with the blank lines that the author put between them. */
export function renderBlocks(blocks: readonly RootContent[], scene: Scene): void {
  // A definition that links use is written at the links.
  const shown = blocks.filter((block) => block.type !== "definition" || !scene.used.has(block.identifier));
  for (const [index, block] of shown.entries()) {
    if (index > 0) scene.writer.write(gapBetween(shown[index - 1]!, block));
    scene.writer.styled(undefined, () => renderBlock(block, scene));
  }
}

function renderBlock(block: RootContent, scene: Scene): void {
  const { writer } = scene;
  switch (block.type) {
    case "heading":
      writer.styled("bold", () => renderInline(block.children, scene));
      break;
    case "blockquote":
      writer.prefixed("│ ", () => renderBlocks(block.children, scene));
      break;
    case "list":
      renderList(block, scene);
      break;
    case "code": {
      const start = writer.length;
      // What follows an opening fence names a language, unless there is nothing else.
      writer.write(block.value || [block.lang, block.meta].join(" ").trim());
      scene.code.push({ start, end: writer.length });
      break;
    }
    case "table":
      renderTable(block, scene);
      break;
    case "thematicBreak":
      writer.write("———");
      break;
    case "html":
      renderHtml(block.value, scene);
      break;
    case "definition":
      writer.write(`${block.label ?? block.identifier}: ${block.url}`);
      break;
    case "footnoteDefinition":
      writer.write(`[${block.label ?? block.identifier}] `);
      renderBlocks(block.children, scene);
      break;
    default:
      renderInline("children" in block ? block.children : [block], scene);
  }
}

function renderList(list: List, scene: Scene): void {
  for (const [index, item] of list.children.entries()) {
    if (index > 0) scene.writer.write(gapBetween(list.children[index - 1]!, item));
    const marker = markerOf(list, item, scene.source);
    scene.writer.write(marker);
    scene.writer.prefixed(" ".repeat(marker.length), () => renderBlocks(item.children, scene));
  }
}

/** Numbers stay as written (behaviour 8.2): Markdown itself would count on from the first. */
function markerOf(list: List, item: ListItem, source: string): string {
  const start = item.position?.start.offset ?? 0;
  const number = list.ordered ? `${/^\d*/.exec(source.slice(start, start + 9))![0]}. ` : "";
  if (typeof item.checked === "boolean") return `${number}${item.checked ? "☑" : "☐"} `;
  return number || "• ";
}

function gapBetween(before: Nodes, after: Nodes): string {
  return (after.position?.start.line ?? 0) - (before.position?.end.line ?? 0) > 1 ? "\n\n" : "\n";
}
