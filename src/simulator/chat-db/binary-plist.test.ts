import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodePlist, encodePlist, type PlistValue, Real, Uid } from "./binary-plist.js";

const hex = (value: PlistValue) => Buffer.from(encodePlist(value)).toString("hex");

describe("a binary property list", () => {
  it("has Apple's bytes", () => {
    // As macOS writes {"ust": true, "amc": 0}.
    expect(hex({ ust: true, amc: 0 })).toBe(
      "62706c6973743030d2010203045375737453616d63091000080d1115160000000000000101000000000000000500000000000000000000000000000018",
    );
  });

  it("reads every value back", () => {
    const values = fc.letrec<{ value: PlistValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.boolean(),
        fc.maxSafeInteger(),
        fc.string({ unit: "grapheme", maxLength: 300 }),
        fc.double({ noNaN: true }).map((value) => new Real(value)),
        fc.nat(70_000).map((value) => new Uid(value)),
        fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
        fc.array(tie("value"), { maxLength: 20 }),
        fc.dictionary(fc.string({ minLength: 1 }), tie("value"), { maxKeys: 20, noNullPrototype: true }),
      ),
    })).value;
    fc.assert(
      fc.property(values, (value) => {
        expect(decodePlist(encodePlist(value))).toEqual(value);
      }),
      { numRuns: 200 },
    );
  });

  it("counts beyond what one byte names", () => {
    const value = Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`key ${i}`, [i, `text ${i}`]]));
    expect(decodePlist(encodePlist(value))).toEqual(value);
  });

  it("takes nothing else for one", () => {
    expect(decodePlist(Buffer.from("<plist/>"))).toBeUndefined();
    expect(decodePlist(encodePlist({ ust: true }).subarray(0, 45))).toBeUndefined();
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 80 }), (bytes) => {
        decodePlist(Buffer.concat([Buffer.from("bplist00"), bytes]));
      }),
    );
  });
});
