import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redact } from "./redact.js";

describe("text of a child", () => {
  it.each([
    ['Could not fetch group "Family"', "Could not fetch group “…”"],
    ["to +1 (555) 010-0123 failed", "to … failed"],
    ["user mia.wong@example.com", "user …@…"],
    ["/Users/mia/Library/Messages/chat.db", "~/Library/Messages/chat.db"],
    ["Authorization: abc api_key=xyz", "Authorization=… api_key=…"],
    ["error -1743", "error -1743"],
    ["one\r\ntwo\u2028three\u001b[31m", "one two three [31m"],
    ['unfinished "secret text', "unfinished “…”"],
  ])("%j becomes %j", (text, safe) => {
    expect(redact(text)).toBe(safe);
  });

  it("is short and on one line, whatever comes", () => {
    fc.assert(
      fc.property(fc.uint16Array({ maxLength: 2000 }), (units) => {
        const safe = redact(String.fromCharCode(...units));
        expect(safe.length).toBeLessThanOrEqual(301);
        expect(safe).not.toMatch(/[\r\n\u2028\u2029]/);
      }),
    );
  });

  it("does not slow down on hostile text", () => {
    for (const unit of ["1 ", "a@", '"', "(5)", "-."])
      expect(redact(unit.repeat(1_000_000)).length).toBeLessThan(302);
  });
});
