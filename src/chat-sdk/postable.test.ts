import { expect, it } from "vitest";
import { renderMarkdown, showable } from "../outbound/index.js";
import { asWritten, markdownOf } from "./postable.js";

const shown = (text: string) => renderMarkdown(asWritten(text), { styled: true });
const order = { items: [{ name: "a_b*c", price: 1.5 }], note: "say *hi* & [x](y)" };

it.each([
  ["code below a blank line", "Result:\n\n    a.b = 1\n\tc.d = [2](3)"],
  ["JSON", JSON.stringify({ a: 1, b: "c.d" }, null, 2)],
  ["JSON with marks in it", JSON.stringify(order, null, 2)],
  ["blank lines and spaces at the ends of lines", "# no\n\n\n\nheading  \n- *no* list  "],
  ["more marks than are read, once escaped", "*****\n".repeat(300)],
  ["more lines than are read", "a. b, *c* [d](e)\n".repeat(1500)],
  ["more units than are read", "Hello, *world*. ".repeat(2000)],
  ["more units than are read, once escaped", "*.,:; ".repeat(1500)],
])("shows as it was written: %s", (_, text) => {
  const { text: found, runs } = shown(text);
  expect([found.trimEnd(), runs]).toEqual([text.trimEnd(), []]);
});

it("shows whatever was written as it was written", () => {
  const parts = [
    ...'*_~`[](){}\\|#>-+=!<&:."ab \n\té漢',
    ...[
      "```",
      "~~~",
      "<b>",
      "&amp;",
      "&#10;",
      "1. ",
      "1) ",
      "- ",
      "|---|",
      "\n\n",
      "    ",
      "[a]: b",
      "[^1]:",
    ],
    ...["http://x.example/a_b", "www.x.example", "a@b.example", "<!-- x -->", "  \n", "\\\n", "---", "==="],
  ];
  let seed = 7;
  const next = (most: number) => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    return Math.floor(seed / 65536) % most;
  };
  for (let count = 0; count < 400; count++) {
    const text = Array.from({ length: 1 + next(12) }, () => parts[next(parts.length)]).join("");
    const { text: found, runs } = shown(text);
    // Line feeds around all of it show nothing.
    const bare = (lines: string) => lines.replace(/^\n+|\n+$/g, "");
    expect([text, bare(found), runs]).toEqual([text, bare(showable(text)), []]);
  }
});

it("leaves Markdown as it is", () => {
  expect(renderMarkdown(markdownOf({ markdown: "**a** 1.5" })).text).toBe("a 1.5");
});
