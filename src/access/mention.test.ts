import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runsOf } from "../../test/support/property-runs.js";
import { compileMentions, mentionsOfIdentity } from "./mention.js";

describe("compileMentions", () => {
  it("matches in any case, anywhere, and tells which pattern did", () => {
    const mentions = compileMentions(
      ["@?tapback\\b", "\\bhey bot\\b", "größe"],
      "messages.groupChat.mentionPatterns",
    );
    expect(mentions.find("so, TapBack?")).toBe("@?tapback\\b");
    expect(mentions.find("Hey Bot!")).toBe("\\bhey bot\\b");
    expect(mentions.find("GRÖßE")).toBe("größe");
    expect(mentions.find("tapbacks")).toBeUndefined();
  });

  it.each([
    ["\\bЁлка\\b", "Привет, ёлка!", true],
    ["\\bЁлка\\b", "ёлка", true],
    ["\\bЁлка\\b", "ёлками", false],
    ["\\bЁлка\\b", "суперёлка", false],
    ["\\bbot\\b", "botó", false],
    ["\\bbot\\b", "bot\u0301", false],
    ["\\bbot\\b", "Привет bot", true],
    ["лка\\B", "ёлками", true],
    ["лка\\B", "ёлка", false],
    ["(?:hey|эй)\\s+\\bЁлка\\b[?!]*$", "эй, не та; эй  Ёлка?!", true],
    ["^\\bЁлка\\b", "о Ёлка", false],
    ["(?m)^\\bЁлка\\b", "о\nЁлка", true],
    ["\\bज़ोया\\b", "नमस्ते ज़ोया", true],
    ["\\b小爪\\b", "小爪你好", true],
    // Between a word and a script without spaces, on either side.
    ["\\bbot\\b", "bot小", true],
    ["\\bbot\\b", "小bot", true],
    ["\\bbot\\b", "小bots", false],
    ["\\b[^a]\\b.", "ß 🦞", true],
  ])("finds the borders of words in every script: %j in %j", (pattern, text, expected) => {
    expect(compileMentions([pattern], "k").find(text) !== undefined).toBe(expected);
  });

  it("finds with borders what RE2 finds, where all is ASCII beside a sign", () => {
    const atom = fc.constantFrom(
      "a",
      "B",
      "_",
      "\\b",
      "\\B",
      ".",
      "[ab]",
      "^",
      "$",
      "(?:a|b)*",
      "c?",
      "a{2}",
      " ",
    );
    const text = fc
      .array(fc.constantFrom("a", "b", "A", "_", " ", "-", "\n", "c"))
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.array(atom, { minLength: 1, maxLength: 8 }), text, (atoms, ascii) => {
        const mentions = compileMentions([atoms.join("")], "k");
        // A sign that is no letter, and that no pattern above takes, only turns on the way for other scripts.
        const plain = mentions.find(`\n${ascii}\n\u0001\n`);
        expect(mentions.find(`\n${ascii}\n\u2022\n`)).toBe(plain);
      }),
      runsOf(2000),
    );
  });

  it("stays linear where a backtracking engine would not", () => {
    const mentions = compileMentions(["(a+)+$", "(x*)*y"], "k");
    expect(mentions.find(`${"a".repeat(50_000)}!`)).toBeUndefined();
    expect(mentions.find("x".repeat(50_000))).toBeUndefined();
    const borders = compileMentions(["(?:\\b|a+)+$\\b", "(\\bx*)*y"], "k");
    expect(borders.find(`é${"a".repeat(50_000)}!`)).toBeUndefined();
    expect(borders.find(`é${"x ".repeat(50_000)}`)).toBeUndefined();
  });

  it.each(["(?=bot)", "(a)\\1", "[", "(", "a{5000}"])("refuses %j and says where it stands", (pattern) => {
    expect(() => compileMentions(["bot", pattern], "messages.groupChat.mentionPatterns")).toThrow(
      expect.objectContaining({
        code: "MENTION_PATTERN_INVALID",
        message: expect.stringContaining("messages.groupChat.mentionPatterns[1]"),
      }),
    );
  });
});

describe("mentionsOfIdentity", () => {
  it.each([
    [{ name: "Ёлка" }, "эй ёлка?", true],
    [{ name: "Ёлка" }, "ёлки", false],
    [{ name: "Bo" }, "robot", false],
    [{ name: "Mr. Bot!" }, "hi mr.  bot!", true],
    [{ name: "Mr. Bot!" }, "hi mrs bot!", false],
    [{ name: "C++ (dev)" }, "ask c++ (dev)", true],
    [{ emoji: "❤️" }, "so ❤", true],
    [{ emoji: "❤" }, "so ❤️!", true],
    [{ name: "Clawd", emoji: "🦞" }, "🦞?", true],
    [{ name: "Clawd", emoji: "🦞" }, "🦀?", false],
  ])("%j in %j", (identity, text, expected) => {
    const mentions = mentionsOfIdentity(identity)!;
    expect(mentions.byDefault).toBe(true);
    expect(mentions.find(text) !== undefined).toBe(expected);
  });

  it.each([{}, { name: " " }, { theme: "calm" }])("makes no patterns of %j", (identity) => {
    expect(mentionsOfIdentity(identity)).toBeUndefined();
  });
});
