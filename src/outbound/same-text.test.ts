import { expect, it } from "vitest";
import { compareText } from "./same-text.js";

const long = "See you at the five o'clock train";

it.each<[string, string, string, "same" | "unclear" | "different"]>([
  ["itself", "Yes", "Yes", "same"],
  ["other white space", "Yes, at 5\n", " Yes,  at\u00a05", "same"],
  ["marks of objects and of control", "Yes", "\ufffcY\u0000e\ufffds\u200b\ufeff", "same"],
  ["another Unicode form", "\u00e9t\u00e9", "e\u0301te\u0301", "same"],
  ["another case", "Yes", "yes", "different"],
  ["other words", "Yes", "No", "different"],
  ["no text where there was none", "\ufffc", " ", "unclear"],
  ["a text where there was none", " ", "Yes", "different"],
  ["no text", "Yes", "", "unclear"],
  ["what is left of the archive's format", "Yes", "streamtyped@", "unclear"],
  ["the name of a class of the archive", "Yes", "NSString+Yes", "unclear"],
  // Junk in front of a text (protocol reference 8.4).
  ["a plus in front", "Yes", "+\u0003Yes", "same"],
  ["three characters in front of a long text", long, `+A!${long}`, "same"],
  ["four characters in front", long, `+AB!${long}`, "different"],
  ["anything in front of a short text", "?", "y?", "unclear"],
  ["what a person wrote in front", "?", "why?", "unclear"],
  ["more that a person wrote in front", "?", "why not?", "different"],
  ["a length in front of sixteen characters", "sixteenletters16", "Asixteenletters16", "same"],
  ["a length in front of fifteen", "fifteenletters1", "Afifteenletters1", "unclear"],
  ["a length in front of 33 bytes", "あ".repeat(11), `!${"あ".repeat(11)}`, "same"],
  ["a length in front of 32 bytes", `${"あ".repeat(10)}ab`, `!${"あ".repeat(10)}ab`, "same"],
  ["a length in front of 31 bytes", `${"あ".repeat(10)}a`, `!${"あ".repeat(10)}a`, "unclear"],
  // A tail that was cut off, or came on top.
  ["the beginning of a long text", long, long.slice(0, 24), "unclear"],
  ["too little of its beginning", long, "See you at the", "different"],
  ["more behind a long text", long, `${long} or six`, "unclear"],
  ["more behind a short text", "Yes", "Yes, at five", "different"],
  ["its beginning as another character", long, `X${long.slice(1)}`, "unclear"],
  ["its end behind another character", `A${long}`, `X${long.slice(1)}`, "unclear"],
])("tells a sent text from a row that shows %s", (_, sent, shown, wanted) => {
  expect(compareText(sent, shown)).toBe(wanted);
});
