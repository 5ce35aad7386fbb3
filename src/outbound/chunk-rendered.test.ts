import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runsOf } from "../../test/support/property-runs.js";
import { chunkRendered } from "./chunk-rendered.js";
import { renderMarkdown } from "./markdown.js";

describe("chunkRendered", () => {
  it("gives each chunk its share of the runs", () => {
    const rendered = renderMarkdown("one **two three** four", { styled: true });
    expect(chunkRendered(rendered, { limit: 8 })).toEqual([
      { text: "one two", runs: [{ start: 4, length: 3, styles: ["bold"] }] },
      { text: "three", runs: [{ start: 0, length: 5, styles: ["bold"] }] },
      { text: "four", runs: [] },
    ]);
  });

  it("leaves out what shows nothing", () => {
    const chunks = (text: string) => chunkRendered(renderMarkdown(text), { mode: "newline" });
    expect(chunks("\u200b\u2060")).toEqual([]);
    expect(chunks("one\n\n\u200b\n\ntwo\u200b").map(({ text }) => text)).toEqual(["one", "two\u200b"]);
  });

  it("keeps a code block with blank lines together in newline mode", () => {
    const rendered = renderMarkdown("Run:\n\n```\na\n\nb\n```\n\nDone", { styled: true });
    expect(chunkRendered(rendered, { limit: 4000, mode: "newline" }).map(({ text }) => text)).toEqual([
      "Run:",
      "a\n\nb",
      "Done",
    ]);
  });

  it("shows every styled character in its style, wherever the text is divided", () => {
    const piece = fc.constantFrom(
      "**fett 👨‍👩‍👧 und mehr** ",
      "*kursiv* ",
      "plain 👍🏽 ",
      "~~weg e\u0301~~ ",
      "\n\n",
      "- ",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), fc.integer({ min: 11, max: 60 }), (parts, limit) => {
        const rendered = renderMarkdown(parts.join(""), { styled: true });
        const bare = (text: string) => text.replace(/\s/g, "");
        const inStyle = (text: string, runs: { start: number; length: number; styles: string[] }[]) =>
          runs.flatMap(({ start, length, styles }) =>
            [...bare(text.slice(start, start + length))].map((c) => c + styles),
          );
        const chunks = chunkRendered(rendered, { limit });
        expect(bare(chunks.map(({ text }) => text).join(""))).toBe(bare(rendered.text));
        expect(chunks.flatMap(({ text, runs }) => inStyle(text, runs))).toEqual(
          inStyle(rendered.text, rendered.runs),
        );
      }),
      runsOf(500),
    );
  });
});
