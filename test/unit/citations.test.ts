import { describe, expect, it } from "vitest";
import { type Citation, findCitations, findOwnReferences, sectionsOf } from "../support/citations.js";
import { projectFiles } from "../support/project-files.js";

const files = projectFiles([".ts", ".mjs", ".py", ".md"]);
const norm = {
  behaviour: files.find(({ path }) => path === "docs/spec/behaviour.md")!.text,
  protocol: files.find(({ path }) => path === "docs/spec/imsg-protocol.md")!.text,
};
const sections = { behaviour: sectionsOf(norm.behaviour), protocol: sectionsOf(norm.protocol) };

function unresolved(path: string, citations: readonly Citation[]): string[] {
  return citations
    .filter(({ document, section, item }) => {
      const found = sections[document].get(section);
      return found === undefined || (item !== undefined && !found.has(item));
    })
    .map(({ document, section, item, line }) => {
      const name = document === "behaviour" ? "behaviour" : "protocol reference";
      return `${path}:${line}: ${name} ${section}${item === undefined ? "" : `, item ${item}`} does not exist`;
    });
}

describe("citations of the norm", () => {
  it("name sections and items that exist", () => {
    const found = files.map(({ path, text }) => ({ path, citations: findCitations(text) }));
    expect(found.flatMap(({ path, citations }) => unresolved(path, citations))).toEqual([]);
    // So that a rule that finds nothing does not pass for one that finds no fault.
    expect(found.flatMap(({ citations }) => citations).length).toBeGreaterThan(400);
  });

  it.each(["behaviour", "protocol"] as const)("resolve within the norm's own text of %s", (document) => {
    expect(unresolved(document, findOwnReferences(document, norm[document]))).toEqual([]);
  });
});

describe("finding citations", () => {
  // The words apart from the numbers, so that these examples are no citations themselves.
  const of = (text: string) =>
    findCitations(text.replaceAll("BEHAV", "behaviour").replaceAll("PROTO", "protocol")).map(
      ({ document, section, item, line }) =>
        `${document === "behaviour" ? "B" : "P"} ${section}${item === undefined ? "" : ` item ${item}`} in line ${line}`,
    );

  it.each([
    ["(BEHAV 9.3). */", ["B 9.3 in line 1"]],
    ["BEHAV 12", ["B 12 in line 1"]],
    ["BEHAV 6.2, 10.1 and 10.5). 3", ["B 6.2 in line 1", "B 10.1 in line 1", "B 10.5 in line 1"]],
    ["BEHAV 6.1 `llm`, 6.4 to 6.5a", ["B 6.1 in line 1", "B 6.4 in line 1", "B 6.5a in line 1"]],
    ["Behaviour 4.3: without 2 of them", ["B 4.3 in line 1"]],
    ["/**\n * BEHAV\n * 99.9, 7 */", ["B 99.9 in line 3", "B 7 in line 3"]],
    ["// PROTO\n// reference 3.4,\n// items 8 and 11", ["P 3.4 item 8 in line 2", "P 3.4 item 11 in line 2"]],
    ["PROTO reference 3.4 item 9", ["P 3.4 item 9 in line 1"]],
    ["PROTO reference 8.4, 12 row 14", ["P 8.4 in line 1", "P 12 item 14 in line 1"]],
    ["PROTO reference 2.2, -32000; BEHAV 9.3.1", ["P 2.2 in line 1", "B 9.3.1 in line 1"]],
    ["its BEHAV in 2026", []],
  ])("reads %j", (text, citations) => {
    expect(of(text)).toEqual(citations);
  });
});
