import { describe, expect, it } from "vitest";
import { directMessage } from "../../test/support/message.js";
import { isQuotedBy, tapbackInWords } from "./tapback-words.js";

describe("a tapback in words", () => {
  it.each([
    ["Liked “On my way”", { kind: "like", emoji: "👍", added: true, quoted: "On my way" }],
    ['Laughed at "two\nlines"', { kind: "laugh", emoji: "😂", added: true, quoted: "two\nlines" }],
    ["Emphasised “a “b””", { kind: "emphasis", emoji: "‼️", added: true, quoted: "a “b”" }],
    ["Reacted 🎉 to “I am in”", { kind: "custom", emoji: "🎉", added: true, quoted: "I am in" }],
    ["👍🏽 to “ok”", { kind: "custom", emoji: "👍🏽", added: true, quoted: "ok" }],
    ["Removed a heart from “x”", { kind: "love", emoji: "❤️", added: false, quoted: "x" }],
    ["Removed an exclamation from “x”", { kind: "emphasis", emoji: "‼️", added: false, quoted: "x" }],
    ["Reacted with a sticker to “x”", { kind: "sticker", emoji: "", added: true, quoted: "x" }],
    ["Loved an image", { kind: "love", emoji: "❤️", added: true }],
  ])("is read: %s", (text, event) => {
    expect(tapbackInWords(text)).toEqual(event);
  });

  it.each([
    "Liked it a lot",
    "Loved “Dune”, you?",
    "I Liked “Dune”",
    "Loved an image of the lake",
    "Liked “”",
    "Questioned",
    "Reacted badly to “it”",
    "5 to “ok”",
    `Liked “${"x".repeat(6000)}”`,
  ])("is none: %s", (text) => {
    expect(tapbackInWords(text)).toBeUndefined();
  });

  it("is on the message that it quotes, as phones write and cut it", () => {
    const on = (text: string, quoted: string) =>
      isQuotedBy(directMessage({ text }), tapbackInWords(`Liked “${quoted}”`)!);
    expect(on("It’s\n “late”", 'It\'s "late"')).toBe(true);
    expect(on("The ferry leaves at nine", "The ferry leaves…")).toBe(true);
    expect(on("The ferry", "The…")).toBe(false);
    expect(on("The ferry leaves at nine", "The ferry")).toBe(false);
    expect(isQuotedBy(directMessage({ text: "\ufffc" }), tapbackInWords("Loved an image")!)).toBe(true);
    expect(isQuotedBy(directMessage(), tapbackInWords("Loved an image")!)).toBe(false);
  });
});
