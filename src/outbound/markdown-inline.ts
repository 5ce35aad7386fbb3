import type { Emphasis, PhrasingContent, RootContent, Strong } from "mdast";
import type { TextStyle } from "../conversation/index.js";
import type { Scene } from "./markdown-scene.js";

/** Tags that Messages can show, or that are a line feed; any other tag is text that somebody wrote. */
const tagStyles = new Map<string, TextStyle>([
  ["b", "bold"],
  ["strong", "bold"],
  ["i", "italic"],
  ["em", "italic"],
  ["u", "underline"],
  ["ins", "underline"],
  ["s", "strikethrough"],
  ["del", "strikethrough"],
  ["strike", "strikethrough"],
]);

/** Writes what stands inside a paragraph, a heading or a cell. */
export function renderInline(nodes: readonly RootContent[], scene: Scene): void {
  for (const node of nodes) renderNode(node as PhrasingContent, scene);
}

function renderNode(node: PhrasingContent, scene: Scene): void {
  const { writer } = scene;
  switch (node.type) {
    case "text":
    case "inlineCode":
      writer.write(node.value);
      break;
    case "break":
      writer.write("\n");
      break;
    case "emphasis":
    case "strong":
      renderEmphasis(node, scene);
      break;
    case "delete":
      writer.styled("strikethrough", () => renderInline(node.children, scene));
      break;
    case "link":
      renderLink(node.children, node.url, scene);
      break;
    case "linkReference":
      renderLink(node.children, scene.definitions.get(node.identifier)?.url ?? "", scene);
      break;
    case "image":
      writer.write(node.alt ? `${node.alt} (${node.url})` : node.url);
      break;
    case "imageReference": {
      const url = scene.definitions.get(node.identifier)?.url ?? "";
      writer.write(node.alt ? `${node.alt} (${url})` : url);
      break;
    }
    case "footnoteReference":
      writer.write(`[${node.label ?? node.identifier}]`);
      break;
    case "html":
      renderHtml(node.value, scene);
  }
}

/** Writes raw HTML: tags with a style switch it, everything else stays as it was written. */
export function renderHtml(html: string, { writer }: Scene): void {
  let at = 0;
  for (const match of html.matchAll(/<(\/?)([a-z]+)\s*(\/?)>/gi)) {
    const [tag, slash, name = ""] = match;
    writer.write(html.slice(at, match.index));
    at = match.index + tag.length;
    const style = tagStyles.get(name.toLowerCase());
    if (name.toLowerCase() === "br") writer.write("\n");
    else if (style && !slash) writer.open(style);
    else if (!style || !writer.close(style)) writer.write(tag);
  }
  writer.write(html.slice(at));
}

function renderEmphasis(node: Emphasis | Strong, scene: Scene): void {
  const { writer, source } = scene;
  const start = node.position?.start.offset ?? 0;
  const end = node.position?.end.offset ?? 0;
  const marker = source.slice(start, start + (node.type === "strong" ? 2 : 1));
  if (isInsideWord(marker, source.slice(Math.max(0, start - 2), start), source.slice(end, end + 2))) {
    writer.write(marker);
    renderInline(node.children, scene);
    writer.write(marker);
    return;
  }
  writer.styled(node.type === "strong" ? "bold" : "italic", () => renderInline(node.children, scene));
}

/**
 * Whether the markers are part of what was written, not of its form: 2*3*4, 2**3**4, __init__.py. Markdown allows
 * emphasis inside a word, and writing without spaces needs it, so only Latin letters and digits count.
 */
function isInsideWord(marker: string, before: string, after: string): boolean {
  if (marker === "__") return /[\w./]$/.test(before) || /^(\.?\w|\()/.test(after);
  if (!/[\p{Script=Latin}\p{N}_]$/u.test(before)) return false;
  return marker === "*" || /^[\p{Script=Latin}\p{N}_]/u.test(after);
}

function renderLink(children: readonly PhrasingContent[], url: string, scene: Scene): void {
  const { writer } = scene;
  const start = writer.length;
  renderInline(children, scene);
  const label = writer.text.slice(start);
  const bare = (address: string) => address.replace(/^(https?:\/\/|mailto:|tel:)/i, "").replace(/\/$/, "");
  if (label === "") writer.write(url);
  else if (bare(label) !== bare(url)) writer.write(` (${url})`);
}
