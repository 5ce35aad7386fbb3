import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runsOf } from "../../test/support/property-runs.js";
import { chunkText } from "./chunk.js";

const bare = (text: string) => text.replace(/\s/g, "");

describe("chunkText", () => {
  it.each([
    ["", 10, []],
    ["   \n ", 10, []],
    ["short", 10, ["short"]],
    ["one two three", 7, ["one two", "three"]],
    ["one two three", 8, ["one two", "three"]],
    ["aaa bbb\nccc ddd eee", 12, ["aaa bbb\nccc", "ddd eee"]],
    ["abcdefghij", 4, ["abcd", "efgh", "ij"]],
    ["a\n\n    b", 4, ["a", "   ", "b"].filter((part) => part.trim())],
    ["x\n  indented line", 11, ["x", "  indented", "line"]],
    ["👍👍👍", 3, ["👍", "👍", "👍"]],
    ["👍👍", 1, ["👍", "👍"]],
    ["ab👨‍👩‍👧‍👦cd", 12, ["ab", "👨‍👩‍👧‍👦c", "d"]],
    ["a e\u0301e\u0301", 4, ["a", "e\u0301e\u0301"]],
    ["🇩🇪🇫🇷", 5, ["🇩🇪", "🇫🇷"]],
  ])("divides %j at %i", (text, limit, chunks) => {
    expect(chunkText(text, { limit })).toEqual(chunks);
  });

  it("makes each paragraph a chunk in newline mode", () => {
    const text = "First one.\n\nSecond one\nwith two lines.\n \n\nThird is too long for it.";
    expect(chunkText(text, { limit: 27, mode: "newline" })).toEqual([
      "First one.",
      "Second one\nwith two lines.",
      "Third is too long for it.",
    ]);
    expect(chunkText(text, { limit: 20, mode: "newline" })).toEqual([
      "First one.",
      "Second one\nwith two",
      "lines.",
      "Third is too long",
      "for it.",
    ]);
    const fenced = "```\na\n\nb\n```\n\nc";
    expect(chunkText(fenced, { limit: 4000, mode: "newline" })).toEqual(["```\na\n\nb\n```", "c"]);
  });

  it("closes and reopens a code block that it divides", () => {
    const text = "Look:\n```ts\nconst a = 1;\nconst b = 2;\nconst c = 3;\n```\nDone.";
    expect(chunkText(text, { limit: 40 })).toEqual([
      "Look:\n```ts\nconst a = 1;\n```",
      "```ts\nconst b = 2;\nconst c = 3;\n```",
      "Done.",
    ]);
    expect(chunkText("A few words here.\n```ts\nlet x = 1;\nlet y = 2;\n```", { limit: 32 })).toEqual([
      "A few words here.",
      "```ts\nlet x = 1;\nlet y = 2;\n```",
    ]);
  });

  it("writes no empty code block when only the closing line is left", () => {
    const text = "```\naaaa bbbb\ncccc dddd\n```\nend of it";
    for (let limit = 16; limit < 40; limit++)
      for (const chunk of chunkText(text, { limit })) expect(chunk).not.toMatch(/^```\n+```$/);
  });

  it.each([
    [15, ["```\naaaa bbbb", "cccc dddd\n```", "end of it"]],
    [17, ["```\naaaa bbbb\n```", "```\ncccc dddd\n```", "end of it"]],
  ])("repairs a code block only where there is room for code beside: %i", (limit, chunks) => {
    expect(chunkText("```\naaaa bbbb\ncccc dddd\n```\nend of it", { limit })).toEqual(chunks);
  });

  it("makes chunks of four thousand units where nothing else is said", () => {
    const text = `${"a".repeat(3999)} ${"b".repeat(4000)} ${"c".repeat(4001)}`;
    expect(chunkText(text).map(({ length }) => length)).toEqual([3999, 4000, 4000, 1]);
    expect(chunkText("ab", { limit: 0.5 })).toEqual(["a", "b"]);
  });

  it("repairs a code block at the least room for it, eight units", () => {
    const text = "```\naaaa bbbb\ncccc\n```";
    expect(chunkText(text, { limit: 16 })[0]).toBe("```\naaaa\n```");
    expect(chunkText(text.replaceAll("```", "````"), { limit: 17 })[0]).toBe("````\naaaa bbbb");
  });

  const words = fc.string({
    unit: fc.constantFrom("a", "b", " ", "\n", "word", "👍🏽", "👨‍👩‍👧‍👦", "é", "e\u0301", "ש", "🇩🇪", "\t"),
    maxLength: 120,
  });

  it("loses nothing and keeps to the limit", () => {
    fc.assert(
      fc.property(
        words,
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom("length", "newline"),
        (text, limit, mode) => {
          const chunks = chunkText(text, { limit, mode: mode as "length" });
          expect(bare(chunks.join(""))).toBe(bare(text));
          for (const chunk of chunks) {
            expect(chunk.length).toBeLessThanOrEqual(Math.max(limit, 2));
            expect(chunk).not.toMatch(/[\ud800-\udbff]$|^[\udc00-\udfff]/);
            expect(chunk.trim()).not.toBe("");
          }
        },
      ),
      runsOf(2000),
    );
  });

  const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

  it("never divides an emoji sequence that fits", () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 11, max: 40 }), (text, limit) => {
        const graphemes = (part: string) =>
          [...segmenter.segment(part)]
            .map(({ segment }) => segment)
            .filter((segment) => segment.trim() !== "");
        expect(chunkText(text, { limit }).flatMap(graphemes)).toEqual(graphemes(text));
      }),
      runsOf(1000),
    );
  });

  const code = fc
    .array(
      fc.tuple(
        fc.constantFrom("text", "```js", "~~~~"),
        fc.array(fc.constantFrom("x = 1;", "call(a, b)", "", "    y"), { maxLength: 9 }),
      ),
    )
    .map((blocks) =>
      blocks
        .map(([kind, lines]) =>
          kind === "text"
            ? ["Some words.", ...lines].join("\n")
            : [kind, ...lines, kind === "~~~~" ? "~~~~" : "```"].join("\n"),
        )
        .join("\n"),
    );

  it("leaves every chunk with balanced code blocks, and the code as it was", () => {
    fc.assert(
      fc.property(code, fc.integer({ min: 30, max: 80 }), (text, limit) => {
        const chunks = chunkText(text, { limit });
        for (const chunk of chunks) {
          expect(chunk.length).toBeLessThanOrEqual(limit);
          for (const marker of ["```", "~~~~"])
            expect(chunk.split("\n").filter((line) => line.startsWith(marker)).length % 2).toBe(0);
        }
        const content = (part: string) => bare(part.replace(/^(```|~~~~).*$/gm, ""));
        expect(content(chunks.join("\n"))).toBe(content(text));
      }),
      runsOf(1000),
    );
  });

  it("takes a megabyte without a quadratic blow-up", () => {
    const chunks = chunkText("word and 👍🏽 ".repeat(80_000), { limit: 4000 });
    expect(chunks.length).toBeGreaterThan(250);
  });
});
