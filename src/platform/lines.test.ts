import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LineSplitter } from "./lines.js";

function split(text: Buffer, cuts: number[], maxBytes = 1 << 20) {
  const lines: string[] = [];
  const overflows: number[] = [];
  const splitter = new LineSplitter(
    maxBytes,
    (line) => lines.push(line),
    (bytes) => overflows.push(bytes),
  );
  const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
  for (let i = 1; i < places.length; i += 1) splitter.push(text.subarray(places[i - 1], places[i]));
  return { lines, rest: splitter.end(), overflows };
}

describe("lines", () => {
  it("are those between line feeds, however the bytes are cut", () => {
    const line = fc.string({ unit: fc.constantFrom("a", "é", "🎉", "\u2028", "\r", "\u0000") });
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat()), (wanted, cuts) => {
        const { lines, rest } = split(Buffer.from(wanted.map((text) => `${text}\n`).join("")), cuts);
        expect(lines).toEqual(wanted);
        expect(rest).toBeUndefined();
      }),
    );
  });

  it("that are too long are left out whole, and those after them are read", () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), (cuts) => {
        const { lines, overflows, rest } = split(Buffer.from(`12345678\n${"x".repeat(9)}\nok\nre`), cuts, 8);
        expect({ lines, overflows, rest }).toEqual({ lines: ["12345678", "ok"], overflows: [9], rest: "re" });
      }),
    );
  });
});
