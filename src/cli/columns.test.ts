import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { characters, clip, columns, harmless, wrap } from "./columns.js";

describe("columns of a terminal", () => {
  it.each([
    ["hello", 5],
    ["", 0],
    ["é", 1],
    ["e\u0301", 1],
    ["家族", 4],
    ["👩‍👩‍👧", 2],
    ["❤️", 2],
    ["❤", 1],
    ["🇩🇪", 2],
    ["👍🏽!", 3],
    ["\u001b[31mred\u001b[0m", 3],
  ])("counts %s", (text, width) => {
    expect(columns(text)).toBe(width);
  });

  it("cuts between characters only, and says so", () => {
    expect(clip("hello", 5)).toBe("hello");
    expect(clip("hello!", 5)).toBe("hell…");
    expect(clip("家族家族", 5)).toBe("家族…");
    expect(clip("👩‍👩‍👧 x", 2)).toBe("…");
    expect(clip("hello", 0)).toBe("");
  });

  it("bounds what takes no columns too, and reads a long text in parts", () => {
    const marks = `e${"\u0301".repeat(2_000_000)}`;
    expect(clip(marks, 40).length).toBeLessThan(1000);
    expect(clip("x".repeat(5_000_000), 40)).toBe(`${"x".repeat(39)}…`);
    expect(characters("é👍🏽".repeat(1000))).toHaveLength(2000);
  });

  it("breaks at spaces, keeps line breaks and indents, and cuts only what is too long", () => {
    expect(wrap("one two three", 8)).toEqual(["one two", "three"]);
    expect(wrap("one\n\n  two", 8)).toEqual(["one", "", "  two"]);
    expect(wrap("one\u2028two", 8)).toEqual(["one", "two"]);
    expect(wrap("abcdefghij", 4)).toEqual(["abcd", "efgh", "ij"]);
  });

  it("never writes a line wider than asked, and loses nothing but spaces", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 2, max: 40 }), (text, width) => {
        const clean = harmless(text);
        const lines = wrap(clean, width);
        expect(Math.max(...lines.map(columns))).toBeLessThanOrEqual(width);
        expect(lines.join("").replace(/\s/g, "")).toBe(clean.replace(/\s/g, ""));
      }),
    );
  });

  it("takes out what a stranger could do to the terminal", () => {
    expect(harmless("a\u001b[2Jb\u0007c\u202ed\te\nf\u009b1m")).toBe("a[2Jbcd  e\nf1m");
  });

  it("keeps an emoji of several code points in one piece", () => {
    expect(characters("a👩‍👩‍👧é")).toEqual(["a", "👩‍👩‍👧", "é"]);
  });
});
