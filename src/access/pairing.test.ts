import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pairingAlphabet, pairingCode, pairingLifetimeMs, pairingState, readPairingCode } from "./pairing.js";

describe("pairingCode", () => {
  it("has 8 characters, none of which looks like another", () => {
    expect(pairingAlphabet).toBe("ABCDEFGHJKLMNPQRSTUVWXYZ23456789");
    expect(pairingCode(randomBytes(8))).toMatch(/^[A-HJ-NP-Z2-9]{8}$/);
    expect(() => pairingCode(randomBytes(7))).toThrow(RangeError);
  });

  it("draws every character equally often", () => {
    const every = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const drawn = Array.from({ length: 32 }, (_, part) => pairingCode(every.subarray(part * 8))).join("");
    for (const character of pairingAlphabet) expect(drawn.split(character)).toHaveLength(9);
  });

  it("is read back however it is typed", () => {
    const typed = fc.tuple(
      fc.uint8Array({ minLength: 8, maxLength: 8 }),
      fc.constantFrom("", " ", "-", "\u2013", " - "),
    );
    fc.assert(
      fc.property(typed, ([bytes, gap]) => {
        const code = pairingCode(bytes);
        expect(readPairingCode(` ${code.slice(0, 4)}${gap}${code.slice(4)} `.toLowerCase())).toBe(code);
      }),
    );
  });

  it.each(["", "ABCD234", "ABCD23456", "ABCD0123", "ABCDIOIO", "ABCD_234"])("refuses %j", (typed) => {
    expect(readPairingCode(typed)).toBeUndefined();
  });
});

describe("pairingState", () => {
  const now = 1_778_307_200_000;
  const request = (sender: string, ageMs = 0) => ({ sender, requestedAt: now - ageMs });

  it("knows pending, expired and too many", () => {
    expect(pairingState([], "a", now)).toBe("none");
    expect(pairingState([request("a", pairingLifetimeMs - 1)], "a", now)).toBe("pending");
    expect(pairingState([request("a", pairingLifetimeMs)], "a", now)).toBe("none");
    const three = [request("b"), request("c"), request("d")];
    expect(pairingState(three, "a", now)).toBe("full");
    expect(pairingState(three, "b", now)).toBe("pending");
    const unsent = { ...request("b"), isUnsent: true };
    expect(pairingState([unsent, ...three.slice(1)], "b", now)).toBe("none");
    expect(pairingState([unsent, ...three.slice(1)], "a", now)).toBe("full");
    expect(pairingState([request("b", pairingLifetimeMs), ...three.slice(1)], "a", now)).toBe("none");
  });
});
