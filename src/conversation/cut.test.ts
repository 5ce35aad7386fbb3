import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutMiddle, cutStart, cutText } from "./cut.js";

const graphemes = (text: string) => Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
const parts = ["a", " ", "é", "e\u0301", "💥", "👩‍👩‍👧‍👦", "👍🏽", "🇩🇪", "\r\n", "각"];
const texts = fc.array(fc.constantFrom(...parts), { maxLength: 60 }).map((all) => all.join(""));
const limits = fc.integer({ min: 0, max: 200 });

describe("cut", () => {
  it("takes CR LF for one character", () => {
    expect(cutStart("a\r\naa", 4, "#")).toBe("#aa");
    expect(cutText("aa\r\na", 4, "#")).toBe("aa#");
  });

  it("keeps to its limit, marks what it cuts, and tears no character", () => {
    fc.assert(
      fc.property(texts, limits, (text, limit) => {
        for (const cut of [cutText, cutStart, cutMiddle]) {
          const result = cut(text, limit, "#");
          if (text.length <= limit) expect(result).toBe(text);
          else {
            expect(result.length).toBeLessThanOrEqual(Math.max(1, limit));
            const [before = "", after = "", ...more] = result.split("#");
            expect(more).toEqual([]);
            expect(result).toContain("#");
            expect(text.startsWith(before) && text.endsWith(after)).toBe(true);
            expect(Buffer.from(result).toString()).toBe(result);
            const whole = graphemes(text);
            // A character that is longer than the room is cut between code points, on a surrogate never.
            const longest = Math.max(...whole.map(({ length }) => length));
            if (cut === cutMiddle ? limit > 2 * longest + 3 : limit > longest + 1) {
              expect(whole.slice(0, graphemes(before).length).join("")).toBe(before);
              if (after !== "") expect(whole.slice(-graphemes(after).length).join("")).toBe(after);
            }
          }
        }
      }),
    );
  });

  it("cuts between characters that are longer than the room", () => {
    expect(cutText("💥💥", 2)).toBe("…");
    expect(cutText("a💥💥", 3)).toBe("a…");
    expect(cutStart("💥💥b", 3)).toBe("…b");
    expect(cutMiddle("one two three four", 11, "..")).toBe("one t..four");
  });
});
