import { describe, expect, it } from "vitest";
import { isBlank, showable } from "./showable.js";

describe("what Messages can show", () => {
  it.each([
    ["colours", "\u001b[31mred\u001b[0m and \u001b[1;38;5;9mbold\u001b[m", "red and bold"],
    [
      "links and titles",
      "\u001b]8;;http://x\u0007here\u001b]8;;\u001b\\ \u001b]0;title\u0007now",
      "here now",
    ],
    ["NUL and its like", "a\0b\u0007c\bd\u009be", "abcde"],
    ["half a pair", "a\ud800b\udc00c\u{1f44b}", "a\ufffdb\ufffdc\u{1f44b}"],
    ["lines and tabs", "a\r\nb\rc\td\n", "a\nb\nc\td\n"],
    [
      "every script and emoji",
      "שלום نعم 👨‍👩‍👧 e\u0301 \u2067x\u2069",
      "שלום نعم 👨‍👩‍👧 e\u0301 \u2067x\u2069",
    ],
  ])("is without harm to %s", (_, given, shown) => {
    expect(showable(given)).toBe(shown);
  });

  it("is nothing where nothing has a look", () => {
    for (const text of ["", " \n\t", "\u200b", "\u200b\u200d\ufeff", "\u2066\u2069", "\ufe0f"])
      expect(isBlank(text)).toBe(true);
    for (const text of [".", "👍", "\u200bx", "\ufffd"]) expect(isBlank(text)).toBe(false);
  });
});
