import { describe, expect, it } from "vitest";
import { shownText } from "./shown.js";

const quoted = (guid: string) => (guid === "Q" ? "who?" : undefined);

describe("a message as text", () => {
  it.each([
    ["plain", {}, "plain"],
    ["me", { thread: "Q" }, "↪ “who?”\nme"],
    ["me", { thread: "elsewhere" }, "↪ in a thread\nme"],
    ["hi", { effect: "com.apple.messages.effect.CKConfettiEffect" }, "hi\n(sent with confetti)"],
    ["hi", { effect: "com.apple.MobileSMS.expressivesend.loud" }, "hi\n(sent with loud)"],
    ["", { poll: { question: "a or b?", options: ["a", "b"] } }, "Poll: a or b?\n○ a\n○ b"],
    ["look", { attachments: ["/tmp/x/sunset.png"] }, "look\n[file sunset.png]"],
  ])("%j with %j", (text, extras, shown) => {
    expect(shownText(text, { attachments: [], ...extras }, quoted)).toBe(shown);
  });
});
