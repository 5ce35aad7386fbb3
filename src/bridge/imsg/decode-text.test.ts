import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeAttributedBody } from "../../simulator/chat-db/typedstream.js";
import { decodeByMarks } from "../../simulator/reading/imsg-text.js";
import { decodeText } from "./decode-text.js";

/** What imsg 0.9 makes of a text that stands in `attributedBody` alone. */
const asOld = (text: string) => decodeByMarks(encodeAttributedBody(text));
const wholeArchive = (text: string) => Buffer.from(encodeAttributedBody(text)).toString("utf8");

describe("a text that imsg did not decode", () => {
  it.each([
    ["a letter of the marks", "see 🆄 at 5"],
    ["it alone", "🆄"],
    ["two bytes of length", `🆄${"x".repeat(200)}`],
    ["a length whose low byte is a letter", `🆄${"x".repeat(0x141 - 4)}`],
    ["several scripts", `🆄 Привет, 世界 ${"é".repeat(500)}`],
    ["four bytes of length", `🆄${"long ".repeat(9000)}`],
  ])("is read out of the archive that came instead: %s", (_, text) => {
    expect(asOld(text)).toContain("streamtyped");
    expect(decodeText(asOld(text), true)).toEqual({ text });
  });

  it("is said to be undecoded where the archive ends at a zero byte, or does not fit its length", () => {
    const undecoded = { text: "", undecoded: true };
    const whole = wholeArchive("see you at 5");
    expect(decodeText(whole.split("\0", 1)[0]!, true)).toEqual(undecoded);
    expect(decodeText(whole.replace("see you", "see all of you"), true)).toEqual(undecoded);
    expect(decodeText(`streamtyped\u0081è\u0003\u0084\u0001@`, true)).toEqual(undecoded);
  });

  it("loses the byte of its length in front, from 8,192 bytes on", () => {
    for (const length of [8192, 10_000, 32_000]) {
      const text = "x".repeat(length);
      expect(asOld(text)).not.toBe(text);
      expect(decodeText(asOld(text), true)).toEqual({ text });
    }
    const short = `${String.fromCharCode(0x1f)}${"x".repeat(8000)}`;
    expect(decodeText(short, true)).toEqual({ text: short });
    // A build that reads lengths leaves no such byte.
    const own = `!${"x".repeat(0x2100)}`;
    expect(decodeText(own, false)).toEqual({ text: own });
  });

  it("is read where it is UTF-16, and undecoded where nothing is left of it", () => {
    const wide = (text: string) => Buffer.from(text, "utf16le").toString("utf8");
    expect(decodeText(wide("Are you free?"), true)).toEqual({ text: "Are you free?" });
    expect(decodeText(Buffer.from(`\ufeffok`, "utf16le").toString("utf8"), true)).toEqual({ text: "ok" });
    expect(decodeText(Buffer.from("Are you free?", "utf16le").swap16().toString("utf8"), true)).toEqual({
      text: "Are you free?",
    });
    expect(decodeText(wide("Привет, как дела?"), true)).toEqual({ text: "", undecoded: true });
  });

  it("loses the attributes behind it", () => {
    const whole = wholeArchive("see you at 5");
    expect(decodeText(whole.slice(whole.indexOf("see")), true)).toEqual({ text: "see you at 5" });
  });

  it("stays as it is where people wrote it", () => {
    for (const text of [
      "",
      "streamtyped archives are odd",
      "\ufffc\ufffclook",
      "\ufffd",
      "hi \ufffd there",
      "a\tb\r\nc",
      "iI NSDictionary __kIM",
    ])
      for (const isOld of [true, false]) expect(decodeText(text, isOld)).toEqual({ text });
    const written = fc.string({ unit: "grapheme", maxLength: 300 });
    fc.assert(
      fc.property(
        written.filter((text) => !/\p{Cc}/u.test(text)),
        fc.boolean(),
        (text, isOld) => {
          expect(decodeText(text, isOld)).toEqual({ text });
        },
      ),
    );
  });

  it("is read in time that grows with its length", () => {
    for (const part of [
      "\ufffd",
      "NSString\u0001+",
      "\ufffd\ufffd\u0002iI\u0001",
      "\0",
      "a\0",
      "\u0001+",
      "iI\u0001",
    ])
      decodeText(`\u0004\u000bstreamtyped\ufffd${part.repeat(Math.ceil(200_000 / part.length))}`, true);
    for (const part of ["\ufffd", "\ufffd\ufffd\u0002iI\u0001", "a\0b"])
      decodeText(part.repeat(Math.ceil(200_000 / part.length)), true);
  });
});
