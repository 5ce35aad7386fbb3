import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BridgeError } from "../error.js";
import { argumentFor } from "./arguments.js";

describe("texts as arguments of imsg", () => {
  it("stay as they are where nobody reads them", () => {
    expect(argumentFor("nobody", "$(reboot) 'x'")).toBe("$(reboot) 'x'");
  });

  it("are one word, the same, for a shell on the Mac", () => {
    const text = fc.string({ unit: "grapheme", minLength: 1 }).filter((value) => !value.includes("\0"));
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 20 }), (texts) => {
        // As ssh does: joined with spaces, read by the login shell.
        const line = `printf '%s\\0' ${texts.map((one) => argumentFor("shell", one)).join(" ")}`;
        const said = execFileSync("/bin/sh", ["-c", line], { encoding: "utf8" });
        expect(said.split("\0").slice(0, -1)).toEqual(texts);
      }),
      { numRuns: 60 },
    );
  });

  it("are refused where nobody knows what a wrapper makes of them", () => {
    expect(argumentFor("unknown", "love")).toBe("love");
    for (const text of ["two words", "$(reboot)", "a;b", ""])
      expect(() => argumentFor("unknown", text), text).toThrow(BridgeError);
  });
});
