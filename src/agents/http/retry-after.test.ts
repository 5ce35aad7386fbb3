import { describe, expect, it } from "vitest";
import { retryAfterMs } from "./retry-after.js";

const now = Date.UTC(2026, 4, 9, 12, 0, 0);

describe("retryAfterMs", () => {
  it.each([
    ["3", 3000],
    ["0", 0],
    ["60", 60_000],
    ["61", undefined],
    ["Sat, 09 May 2026 12:00:10 GMT", 10_000],
    ["Sat, 09 May 2026 11:00:00 GMT", 0],
    ["Sat, 09 May 2026 13:00:00 GMT", undefined],
    ["soon", undefined],
    [undefined, undefined],
  ])("%s is %s", (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });
});
