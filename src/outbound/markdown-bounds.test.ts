import { expect, it } from "vitest";
import { renderMarkdown } from "./markdown.js";
import { isWithinBounds } from "./markdown-bounds.js";

const lines = (line: string, count: number) => Array.from({ length: count }, () => line).join("\n");
/** Twenty levels in each of a hundred lines, as many as all lines together may open. */
const containers = lines(">".repeat(20), 100);

/** What is parsed still, and the least that is not. */
it.each<[string, string, string]>([
  ["its length", "a".repeat(20_000), "a".repeat(20_001)],
  ["its lines", lines("a", 1000), lines("a", 1001)],
  ["empty lines", "\n".repeat(999), "\n".repeat(1000)],
  ["nested quotes", ">".repeat(20), ">".repeat(21)],
  ["quotes apart", "> ".repeat(20), "> ".repeat(21)],
  ["nested lists", "- ".repeat(20), "- ".repeat(21)],
  ["lists of each mark", "+ * ".repeat(10), `${"+ * ".repeat(10)}-`],
  ["numbers", "1. 23) ".repeat(10), `${"1. 23) ".repeat(10)}9. `],
  ["a number that ends its line", `${">".repeat(19)}1.`, `${">".repeat(20)}1.`],
  ["a mark before a tab", "-\t>".repeat(5), "-\t>".repeat(6)],
  ["footnotes", "[^a]:".repeat(20), "[^a]:".repeat(21)],
  // Each two columns of white space may be a level that an earlier line opened.
  ["indented lists", `${" ".repeat(38)}- a`, `${" ".repeat(40)}- a`],
  ["lists behind tabs", `${"\t".repeat(9)} - a`, `${"\t".repeat(10)}- a`],
  ["quotes and lists of all lines", containers, `${containers}\n>`],
  ...["*", "_", "~"].map((mark): [string, string, string] => [
    `runs of ${mark}`,
    `a${`${mark}${mark}a`.repeat(1000)}`,
    `a${`${mark}a`.repeat(1001)}`,
  ]),
  ["runs of different marks", "a*_~a".repeat(333), "a*_~a".repeat(334)],
  ["brackets that open", `a${"[".repeat(1000)}`, `a${"[".repeat(1001)}`],
  ["brackets that close", "]".repeat(1000), "]".repeat(1001)],
  ["brackets of both kinds", "a[]".repeat(500), `${"a[]".repeat(500)}]`],
  ["runs of backticks", "``a".repeat(2000), "`a".repeat(2001)],
  ["the pipes of a line", "|".repeat(5000), "|".repeat(5001)],
  ["the rows of a table", lines("|".repeat(50), 100), lines("|".repeat(50), 101)],
  [
    "the widest row of a table",
    `a\n${"|".repeat(50)}\n${lines("|", 98)}`,
    `a\n${"|".repeat(51)}\n${lines("|", 98)}`,
  ],
  [
    "all tables together",
    `${lines("|".repeat(50), 49)}\n \n${lines("|".repeat(50), 50)}`,
    `${lines("|".repeat(50), 49)}\n \n${lines("|".repeat(50), 51)}`,
  ],
])("a text is parsed up to a bound for %s", (_, within, beyond) => {
  expect(isWithinBounds(within)).toBe(true);
  expect(isWithinBounds(beyond)).toBe(false);
});

it.each([
  ["words that begin with a mark", "*a _b +c -d ~e 12 3.5 1.a [a] [^b] >".repeat(20)],
  ["what is no mark", "ab".repeat(2500)],
  ["links that are named below", "[a]:".repeat(30)],
  ["a rule", "-".repeat(200)],
  ["a wide table under a long text", `${lines("a", 900)}\n\n${lines("|".repeat(30), 90)}`],
  ["a mark behind a deep indentation, which is code", `${" ".repeat(60)}a - b`],
])("%s opens nothing", (_, text) => {
  expect(isWithinBounds(text)).toBe(true);
});

it("shows a text beyond a bound as it was written", () => {
  expect(renderMarkdown(`${">".repeat(20)} **b**`).text).not.toContain("*");
  const beyond = `${">".repeat(21)} **b**`;
  expect(renderMarkdown(beyond).text).toBe(beyond);
});
