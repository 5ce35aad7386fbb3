import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { variablesIn, withoutVariable, withVariable } from "./text.js";

const text = `# my keys
export A_KEY="sk-a # no comment" # a comment
B='two
NAME=not one
lines'

C=plain value
`;

describe("a file of variables", () => {
  it("is read as others of its kind", () => {
    expect(variablesIn(text)).toEqual({
      A_KEY: "sk-a # no comment",
      B: "two\nNAME=not one\nlines",
      C: "plain value",
    });
  });

  it("keeps comments, order and the other variables when one is changed", () => {
    expect(withVariable(text, "A_KEY", "it's new")).toBe(text.replace(/^export.*$/m, `A_KEY="it's new"`));
    expect(withVariable(text, "NEW", "x")).toBe(`${text}NEW='x'\n`);
    expect(withVariable("A=1", "B", "2")).toBe("A=1\nB='2'\n");
    expect(withoutVariable(text, "C")).toBe(text.replace("C=plain value\n", ""));
    expect(withoutVariable("A=1\n", "A")).toBe("");
  });

  it("is left alone where a change would touch another variable, or be read as another value", () => {
    expect(withVariable("", "A", "a'b\"c`d")).toBeUndefined();
  });

  it("takes no line of a value for a variable", () => {
    expect(withVariable(text, "NAME", "x")).toBe(`${text}NAME='x'\n`);
    expect(withoutVariable(text, "NAME")).toBe(text);
  });

  const key = "-----BEGIN PRIVATE KEY-----\nMIIEvQ==\nAAAA\n-----END PRIVATE KEY-----";
  const [a, c] = ["# mine\nA='1'\n", 'C="three\nlines of its\nown"\n'];

  it.each([
    ["alone", "", ""],
    ["before another", "", c],
    ["behind another", a, ""],
    ["between others", a, c],
    ["behind a value of several lines", c, a],
  ])("forgets every line of a value of several, %s", (_, before, after) => {
    for (const quote of ["'", '"', "`"]) {
      const whole = `${before}KEY=${quote}${key}${quote}\n${after}`;
      expect(withoutVariable(whole, "KEY")).toBe(`${before}${after}`);
      expect(withVariable(whole, "KEY", "new")).toBe(`${before}KEY='new'\n${after}`);
      expect(withVariable(whole, "KEY", "two\nlines")).toBe(`${before}KEY='two\nlines'\n${after}`);
    }
  });

  it("forgets each of two lines that set the same, and takes a quote that is not closed for a character", () => {
    expect(withoutVariable("A='x\ny'\nB=2\nA=3\n", "A")).toBe("B=2\n");
    expect(withoutVariable("A='x\nB=2\n", "A")).toBe("B=2\n");
  });

  it("gives back what was put into it, and all that stood there before", () => {
    const name = fc.constantFrom("A", "AB", "_C", "A_B");
    const line = fc.oneof(fc.string(), fc.constantFrom("A=1", "'", "#"));
    const value = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.array(line, { minLength: 2, maxLength: 4 }).map((lines) => lines.join("\n")),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 6 }), (changes) => {
        let now = "";
        const expected: Record<string, string> = {};
        for (const [key, wanted] of changes) {
          const after = withVariable(now, key, wanted);
          if (after === undefined) continue;
          now = after;
          expected[key] = wanted;
        }
        expect(variablesIn(now)).toEqual(expected);
        // And forgets all of it again.
        for (const key of Object.keys(expected)) now = withoutVariable(now, key) ?? now;
        expect(now).toBe("");
      }),
    );
  });
});
