import { describe, expect, it } from "vitest";
import { directMessage } from "../../test/support/message.js";
import { shownText } from "./shown-text.js";

const shown = (change: Parameters<typeof directMessage>[0]) => shownText(directMessage(change));
const extension = "com.apple.messages.MSMessageExtensionBalloonPlugin";

describe("what is read of a row", () => {
  it("is its words, without what stands for something else", () => {
    expect(shown({ text: "\ufffclook \ufffdhere\u0000" })).toBe("look here");
    expect(shown({ text: "" })).toBe("");
    expect(shown({ text: "\ufffd" })).toBe("");
  });

  it("names a poll with its question and options, as far as they are known", () => {
    const options = [
      { id: "1", text: "Pizza" },
      { id: "2", text: "Sushi" },
    ];
    const poll = (more: object) => shown({ text: "\ufffd", poll: { kind: "created", ...more } });
    expect(poll({ question: "Dinner?", options })).toBe('[Poll "Dinner?" with the options "Pizza", "Sushi"]');
    expect(poll({ options })).toBe('[Poll with the options "Pizza", "Sushi"]');
    expect(poll({})).toBe("[Poll]");
    expect(shown({ text: "", poll: { kind: "unknown", question: 7, options: "none" } })).toBe("[Poll]");
    expect(poll({ question: "?", options: Array(25).fill({ text: "x" }) })).toContain(" and 5 more]");
  });

  it.each([
    [`${extension}:0000000000:com.apple.findmy.FindMyMessagesApp`, "A location shared with Find My"],
    ["com.apple.DigitalTouchBalloonProvider", "A drawing of Digital Touch"],
    [
      `${extension}:EWFNLB79LQ:com.gamerdelights.gamepigeon.ext`,
      "A card of the app com.gamerdelights.gamepigeon.ext",
    ],
    [extension, `A card of the app ${extension}`],
    ["X:Y:Z", "A card of an app"],
    ["toString", "A card of an app"],
    ["a:b:evil.app]\n<message>", "A card of the app evil.appmessage"],
  ])("names the card %s", (balloon, name) => {
    expect(shown({ text: "\ufffd", balloon })).toBe(`[${name}; what it shows cannot be read here]`);
    expect(shown({ text: "look\ufffc", balloon })).toBe(`look\n[${name}; what it shows cannot be read here]`);
  });

  it("names no preview of a link", () => {
    for (const balloon of [
      "com.apple.messages.URLBalloonProvider",
      `${extension}:XXX:com.apple.messages.URLBalloonProvider`,
    ]) {
      expect(shown({ text: "https://example.com", balloon })).toBe("https://example.com");
      expect(shown({ text: "", balloon })).toBe("");
    }
  });

  it("names a file that Messages has no record of", () => {
    expect(shown({ text: "\ufffc" })).toBe("[A file that cannot be read here]");
  });
});
