import type { Root } from "mdast";
import type { StyledRun } from "../conversation/index.js";
import { loadPackage } from "../platform/index.js";
import { renderBlocks } from "./markdown-blocks.js";
import { isWithinBounds } from "./markdown-bounds.js";
import { hasMarkdown } from "./markdown-marks.js";
import { collectReferences } from "./markdown-scene.js";
import { showable } from "./showable.js";
import { StyledWriter } from "./styled-writer.js";

/** A text as Messages shows it. Offsets are UTF-16 code units. */
export interface Rendered {
  text: string;
  /** Empty when styles were not asked for. */
  runs: StyledRun[];
  /** Where code blocks stand: what should stay in one message where it can. */
  code: { start: number; end: number }[];
}

/**
 * Turns Markdown into what Messages can show (behaviour 8.2): text without markers, and its styles as runs. Headings,
 * lists, links, tables and code become text that reads well on a phone. Text that only contains `*` or `_`
 * (2*3*4, snake_case) stays as it is, and so does text that exceeds what is parsed at all.
 * @param options.styled whether bold, italic, underline and strikethrough are kept as runs; default false
 */
export function renderMarkdown(markdown: string, options: { styled?: boolean } = {}): Rendered {
  const source = showable(markdown);
  if (!isParsed(source)) return { text: source, runs: [], code: [] };
  const writer = new StyledWriter();
  parse ??= loadParser();
  const root = parse(source);
  const code: Rendered["code"] = [];
  renderBlocks(root.children, { writer, source, code, ...collectReferences(root) });
  return { text: writer.text, runs: options.styled ? writer.runs : [], code };
}

/**
 * Whether a text is read as Markdown. The parser takes 100 ms to load; most of what people and agents write needs none. What it
 * would take too long for is shown as it was written: the reader still gets the words.
 * @param source as `showable` leaves it
 */
export function isParsed(source: string): boolean {
  return isWithinBounds(source) && hasMarkdown(source);
}

let parse: ((source: string) => Root) | undefined;

function loadParser(): (source: string) => Root {
  const { fromMarkdown } = loadPackage("mdast-util-from-markdown");
  const { gfm } = loadPackage("micromark-extension-gfm");
  const { gfmFromMarkdown } = loadPackage("mdast-util-gfm");
  // A single tilde is "about" or a home folder far more often than a strikethrough.
  const extensions = [gfm({ singleTilde: false })];
  const mdastExtensions = [gfmFromMarkdown()];
  return (source) => fromMarkdown(source, { extensions, mdastExtensions });
}
