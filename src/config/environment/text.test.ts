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
    expect(withVariable(text, "NAME", "x")).toBeUndefined();
    expect(withoutVariable(text, "B")).toBeUndefined();
    expect(withVariable("", "A", "a'b\"c`d")).toBeUndefined();
  });

  it("gives back what was put into it, and all that stood there before", () => {
    const name = fc.constantFrom("A", "AB", "_C", "A_B");
    const value = fc.string({ minLength: 1 });
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
      }),
    );
  });
});
