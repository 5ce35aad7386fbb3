import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeAttributedBody } from "../chat-db/typedstream.js";
import { decodeByMarks } from "./imsg-text.js";

const read = (text: string) => decodeByMarks(encodeAttributedBody(text));

describe("imsg's decoder before 0.14.0", () => {
  it("reads ordinary texts of every length class", () => {
    for (const text of ["Hé 🎉", "x".repeat(127), "x".repeat(200), "y".repeat(8191), "z".repeat(40_000)])
      expect(read(text)).toBe(text);
  });

  it("puts one stray character in front from 8,192 bytes on", () => {
    expect(read("x".repeat(8192))).toBe(` ${"x".repeat(8192)}`);
    expect(read("x".repeat(0x4100))).toBe(`A${"x".repeat(0x4100)}`);
  });

  it("loses leading newlines and what follows a NUL", () => {
    expect(read("\n\nhello")).toBe("hello");
    expect(read("be\0fore")).toBe("be");
  });

  it("shows the raw archive for a text with the bytes 86 84", () => {
    expect(read("press 🆄 now")).toContain("streamtyped");
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => typeof decodeByMarks(bytes) === "string"),
    );
  });
});
