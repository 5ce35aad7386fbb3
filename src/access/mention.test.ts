import { describe, expect, it } from "vitest";
import { compileMentions } from "./mention.js";

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

  it("stays linear where a backtracking engine would not", () => {
    const mentions = compileMentions(["(a+)+$", "(x*)*y"], "k");
    expect(mentions.find(`${"a".repeat(50_000)}!`)).toBeUndefined();
    expect(mentions.find("x".repeat(50_000))).toBeUndefined();
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
