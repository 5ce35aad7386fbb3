import { expect, it } from "vitest";
import { draftWords } from "./text.js";

const draft = { id: "k7ab", to: "Mia Wong" };

it("asks about a draft in one message where it is short", () => {
  expect(draftWords.asked(draft, ["On my way."])).toEqual([
    "To Mia Wong: On my way.\n1. Send\n2. Drop\nAnswer with a number, yes or no, 👍 or 👎, or reply to this with better words. Or: /drafts send k7ab",
  ]);
  expect(draftWords.asked(draft, ['(reacts ❤️ to "hi")', "Hello"])[0]).toMatch(
    /^To Mia Wong:\n\(reacts ❤️ to "hi"\)\nHello\n1\. Send/,
  );
});

it("shows a draft apart from the poll that asks about it, whose text asks the same", () => {
  const { shown, choices, poll } = draftWords.polled(draft, ["On my way."]);
  expect(shown).toEqual(["To Mia Wong: On my way."]);
  expect(poll).toEqual({ question: "Send this to Mia Wong?", options: ["Send", "Drop"] });
  expect(choices).toMatch(/^Send this to Mia Wong\?\n1\. Send\n2\. Drop\n.*\/drafts send k7ab$/);
  const long = draftWords.polled(draft, ["all of this is to be read. ".repeat(300)]).shown;
  expect(long.length).toBeGreaterThan(2);
  expect(long.at(-1)).not.toContain("1. Send");
});

it("shows a long draft whole over several messages, and asks by no number about one that nobody would read", () => {
  const line = "all of this is to be read. ";
  const texts = draftWords.asked(draft, [line.repeat(300)]);
  expect(texts.length).toBeGreaterThan(2);
  const shown = texts.slice(0, -1).map((text) => text.replace(/^To Mia Wong, \d of \d:\n/, ""));
  expect(shown.join(" ").trim().split(/\s+/).join(" ")).toBe(line.repeat(300).trim());
  expect(texts.at(-1)).toMatch(/^The draft to Mia Wong is all above\.\n1\. Send\n2\. Drop/);
  expect(draftWords.asked(draft, ["x".repeat(30_000)])).toEqual([]);
});
