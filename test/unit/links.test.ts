import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { describe, expect, it } from "vitest";
import { type ProjectFile, projectFiles } from "../support/project-files.js";

const root = join(import.meta.dirname, "../..");

interface Page {
  path: string;
  /** The names by which links reach its headings, as GitHub makes them. */
  anchors: Set<string>;
  /** Its links to files of the project and to its own headings. */
  links: { url: string; line: number }[];
}

function nodesOf(node: Nodes): Nodes[] {
  return "children" in node ? [node, ...node.children.flatMap(nodesOf)] : [node];
}

function anchorsOf(nodes: readonly Nodes[]): Set<string> {
  const anchors = new Set<string>();
  for (const heading of nodes.filter((node) => node.type === "heading")) {
    const slug = nodesOf(heading)
      .map((part) => ("value" in part ? part.value : ""))
      .join("")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, "")
      .replaceAll(" ", "-");
    let anchor = slug;
    for (let again = 1; anchors.has(anchor); again++) anchor = `${slug}-${again}`;
    anchors.add(anchor);
  }
  return anchors;
}

function parsePage({ path, text }: ProjectFile): Page {
  const nodes = nodesOf(fromMarkdown(text));
  const links = nodes.flatMap((node) =>
    node.type === "link" || node.type === "image" || node.type === "definition"
      ? [{ url: node.url, line: node.position!.start.line }]
      : [],
  );
  return {
    path,
    anchors: anchorsOf(nodes),
    links: links.filter(({ url }) => !/^[a-z][a-z0-9+.-]*:/i.test(url)),
  };
}

const pages = projectFiles([".md"]).map(parsePage);

function brokenLinks({ path, anchors, links }: Page): string[] {
  return links.flatMap(({ url, line }) => {
    const [file = "", heading] = decodeURIComponent(url).split("#");
    const target = join(dirname(path), file);
    if (file !== "" && !existsSync(join(root, target))) return [`${path}:${line}: ${url}: no such file`];
    if (heading === undefined) return [];
    const reached = file === "" ? anchors : pages.find((page) => page.path === target)?.anchors;
    return reached?.has(heading) ? [] : [`${path}:${line}: ${url}: no such heading`];
  });
}

describe("the links of the documents", () => {
  it("lead to files and headings that exist", () => {
    expect(pages.flatMap(({ links }) => links).length).toBeGreaterThan(20);
    expect(pages.flatMap(brokenLinks)).toEqual([]);
  });

  it.each([
    ["[a](nowhere.md)", ["docs/x.md:1: nowhere.md: no such file"]],
    ["# Here\n\n[a](#here), [b](#there)", ["docs/x.md:3: #there: no such heading"]],
    ["[a](README.md#the-manual), `[b](nowhere.md)`, [c](https://example.com/#x)", []],
    ["[a][b]\n\n[b]: README.md#nothing", ["docs/x.md:3: README.md#nothing: no such heading"]],
  ])("are judged in %j", (text, problems) => {
    expect(brokenLinks(parsePage({ path: "docs/x.md", text }))).toEqual(problems);
  });
});
