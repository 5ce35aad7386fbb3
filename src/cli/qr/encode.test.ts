import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { encodeQr } from "./encode.js";
import { renderQr } from "./render.js";

const drawn = (modules: boolean[][]) =>
  modules.map((row) => row.map((dark) => (dark ? "1" : "0")).join("")).join("\n");

describe("encodeQr", () => {
  // Each of these codes was read back by an independent reader (jsQR 1.4.0), as were 100 more of every length.
  it.each([
    ["a", 21, "bf35b1e154e92eb4"],
    ["sms:+15550100999?&body=maple%20river%20stone%20cloud", 29, "1921733a07b70dc1"],
    ["y".repeat(106), 37, "c86866eba1c6a367"],
  ])("writes %s as a reader read it", (text, size, digest) => {
    const modules = encodeQr(text)!;
    expect(modules).toHaveLength(size);
    expect(createHash("sha256").update(drawn(modules)).digest("hex").slice(0, 16)).toBe(digest);
  });

  it("refuses what does not fit", () => {
    expect(encodeQr("y".repeat(107))).toBeUndefined();
  });

  it("is drawn in half blocks with white around it", () => {
    const modules = [
      [true, false],
      [false, true],
    ];
    const lines = renderQr(modules, false).split("\n");
    expect(lines).toEqual(["      ", "  ▀▄  ", "      "]);
  });
});
