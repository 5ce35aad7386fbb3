import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeAttributedBody } from "../chat-db/typedstream.js";
import { decodeByMarks } from "./imsg-text.js";

const read = (text: string) => decodeByMarks(encodeAttributedBody(text));
const utf16 = (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]);
/** Two strings of one archive, each as its bytes stand there. */
const both = (...texts: string[]) =>
  Buffer.concat(
    texts.map((text) => {
      const bytes = Buffer.from(text);
      return Buffer.concat([Buffer.from([0x01, 0x2b, bytes.length]), bytes, Buffer.from([0x86, 0x84])]);
    }),
  );

describe("imsg's decoder before 0.14.0", () => {
  it("reads ordinary texts of every length class", () => {
    for (const text of ["Hé 🎉", "x".repeat(127), "x".repeat(200), "y".repeat(8191), "z".repeat(40_000)])
      expect(read(text)).toBe(text);
  });

  it("puts one stray character in front from 8,192 bytes on", () => {
    expect(read("x".repeat(8192))).toBe(` ${"x".repeat(8192)}`);
    expect(read("x".repeat(0x4100))).toBe(`A${"x".repeat(0x4100)}`);
  });

  it.each([
    ["keeps NUL", encodeAttributedBody("be\0fore"), "be\0fore"],
    ["loses newlines in front", encodeAttributedBody("\n\r\n\u0085hello\n"), "hello\n"],
    ["loses U+200B in front", encodeAttributedBody("\u200bhello\u200b"), "hello\u200b"],
    ["loses U+202E in front", encodeAttributedBody("\u202ehello"), "hello"],
    ["loses U+FEFF in front", encodeAttributedBody("\ufeffhello"), "hello"],
    ["keeps spaces in front", encodeAttributedBody(" \u00a0hello"), " \u00a0hello"],
    ["reads UTF-16", utf16("Hé 🎉"), "Hé 🎉"],
    ["reads UTF-16 without what stands in front", utf16("\ufeff\nHé"), "Hé"],
    ["takes the longest string", both("short", "the longest"), "the longest"],
    ["counts what a person sees", both("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", "four"), "four"],
    ["takes the first of two equally long ones", both("🇩🇪🇫🇷", "ab"), "🇩🇪🇫🇷"],
    ["reads bytes that are no archive", Buffer.from("\u0001\u200bplain"), "plain"],
    ["reads nothing of nothing", Buffer.alloc(0), ""],
  ])("%s", (_, blob, text) => {
    expect(decodeByMarks(blob)).toBe(text);
  });

  it.each(["press 🆄 now", "\n", "\u200b"])(
    "shows the archive, without what stands in front of it, for %j",
    (text) => {
      expect(read(text)).toMatch(/^streamtyped/);
    },
  );

  it("never throws", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => typeof decodeByMarks(bytes) === "string"),
    );
  });
});
