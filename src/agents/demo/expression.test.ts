import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { calculate, formatNumber } from "./expression.js";

function result(text: string): string {
  const found = calculate(text);
  return found.ok ? formatNumber(found.value) : found.error;
}

describe("calculate", () => {
  it.each([
    ["1+2*3", "7"],
    ["(1+2)*3", "9"],
    ["0.1 + 0.2", "0.3"],
    ["2^3^2", "512"],
    ["-2^2", "-4"],
    ["2^-1", "0.5"],
    ["--3", "3"],
    ["15% of 80", "12"],
    ["80 + 10%", "88"],
    ["80 - 10%", "72"],
    ["50%", "0.5"],
    ["200 * 5%", "10"],
    ["1,234.5 x 2", "2469"],
    ["6 ÷ 4", "1.5"],
    ["10 − 4", "6"],
    ["2**8", "256"],
    ["10/4/5", "0.5"],
    [".5*4", "2"],
  ])("%s = %s", (text, expected) => {
    expect(result(text)).toBe(expected);
  });

  it.each([
    ["1/0", /zero/],
    ["(1+2", /not closed/],
    ["1+", /cannot read/],
    ["1 2", /cannot read/],
    ["(-8)^0.5", /no real/],
    ["9^9^9^9", /too large/],
    ["process.exit()", /cannot read/],
    [`${"(".repeat(100)}1${")".repeat(100)}`, /deeply|too long/],
    [`1${"+1".repeat(200)}`, /too long/],
    ["", /cannot read/],
  ])("refuses %s", (text, expected) => {
    expect(result(text)).toMatch(expected);
  });

  it("agrees with the language on sums of random shape", () => {
    const { sum } = fc.letrec((tie) => ({
      sum: fc.oneof(
        { maxDepth: 4 },
        fc.integer({ min: 0, max: 99 }).map(String),
        fc
          .tuple(tie("sum"), fc.constantFrom("+", "-", "*"), tie("sum"))
          .map(([left, sign, right]) => `(${left} ${sign} ${right})`),
      ),
    }));
    fc.assert(
      fc.property(sum as fc.Arbitrary<string>, (text) => {
        fc.pre(text.length <= 200);
        const found = calculate(text);
        expect(found.ok && found.value).toBe(Number(new Function(`return ${text}`)()));
      }),
    );
  });

  it("never throws", () => {
    const soup = fc.string({ unit: fc.constantFrom(..."0123456789+-*/^().,% ofx"), maxLength: 60 });
    fc.assert(fc.property(soup, (text) => typeof calculate(text).ok === "boolean"));
  });
});
