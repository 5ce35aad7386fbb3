import { expect, it } from "vitest";
import { projectFiles } from "../support/project-files.js";

const page = "private-api.md";

/** What a person reads of the product; the simulator says what the real tool says, and the norm is no manual. */
const files = projectFiles([".ts", ".md"]).filter(
  ({ path }) =>
    (path.startsWith("src/") && !path.startsWith("src/simulator/") && !path.endsWith(".test.ts")) ||
    path === "README.md" ||
    (path.startsWith("docs/") && !/^docs\/(spec|adr)\//.test(path)),
);

/** A page says it once; of the code every text stands alone. */
function silent({ path, text }: { path: string; text: string }): string[] {
  if (path.endsWith(".md")) return text.includes("imsg launch") && !text.includes(page) ? [path] : [];
  return text
    .split("\n")
    .filter((line) => line.includes("imsg launch") && !/^\s*(\*|\/\/|\/\*\*)/.test(line))
    .flatMap((line) => (line.includes(page) ? [] : [`${path}: ${line.trim()}`]));
}

it("sends nobody to `imsg launch` without saying where it is told what that needs and costs", () => {
  expect(files.filter(({ text }) => text.includes("imsg launch")).length).toBeGreaterThan(10);
  expect(files.filter(({ path }) => !path.endsWith(`/${page}`)).flatMap(silent)).toEqual([]);
});
