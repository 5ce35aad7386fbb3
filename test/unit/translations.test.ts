import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { fallenBehind, marked, translatedPages } from "../../scripts/followed-pages.mjs";

describe("the translated pages", () => {
  it("follow their originals, section by section", () => {
    const pages = translatedPages();
    expect(pages.length).toBeGreaterThanOrEqual(3);
    for (const path of pages) {
      const text = readFileSync(path, "utf8");
      const original = /^<!-- follows (\S+)/.exec(text)?.[1] ?? "";
      expect(fallenBehind(path, text, readFileSync(join(dirname(path), original), "utf8"))).toEqual([]);
    }
  });

  const path = join(import.meta.dirname, "../../docs/zh/README.md");
  // As if it followed today, so that a page which fell behind is told of once.
  const own = marked(path, readFileSync(path, "utf8"));
  const original = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8");

  it.each([
    [
      "a changed sentence",
      original.replace("You need Node", "You need a Node"),
      /“Try it” of the original changed/,
    ],
    [
      "another command",
      original.replace("npm start\n", "npm run start\n"),
      /code blocks of “.+” are not those of “Try it”/,
    ],
    ["a new section", `${original}\n## More\n\nx\n`, /has \d+ sections, the original \d+/],
    ["a renamed section", original.replace("## Try it", "## Taste it"), /“Taste it” of the original changed/],
  ])("have fallen behind after %s", (_, changed, complaint) => {
    expect(fallenBehind(path, own, changed).join("\n")).toMatch(complaint);
  });

  it("do not fall behind when lines are only broken elsewhere", () => {
    expect(fallenBehind(path, own, original.replace("You need Node", "You need\nNode"))).toEqual([]);
  });

  it("are marked afresh once they were brought up to date", () => {
    const stale = own.replace(/^[0-9a-f]{8} /m, "00000000 ");
    expect(fallenBehind(path, stale, original)).toHaveLength(1);
    expect(marked(path, stale)).toBe(own);
    expect(fallenBehind(path, "# ohne", original)[0]).toMatch(/does not begin with <!-- follows/);
  });
});
