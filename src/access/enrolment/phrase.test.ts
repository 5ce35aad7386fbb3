import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { enrolmentPhrase, phraseLength, readPhrase } from "./phrase.js";
import { phraseWords } from "./words.js";

describe("enrolment phrase", () => {
  it("has 256 different words without a capital, one byte each", () => {
    expect(new Set(phraseWords).size).toBe(256);
    expect(phraseWords.every((word) => /^[a-z]{2,9}$/.test(word))).toBe(true);
  });

  it("is read back however a phone writes it, and differs with every byte", () => {
    const bytes = fc.uint8Array({ minLength: phraseLength, maxLength: phraseLength });
    fc.assert(
      fc.property(bytes, bytes, (one, other) => {
        const phrase = enrolmentPhrase(one);
        expect(readPhrase(phrase)).toBe(phrase);
        expect(readPhrase(` ${phrase[0]!.toUpperCase()}${phrase.slice(1).replace(" ", "  ")}. `)).toBe(
          phrase,
        );
        expect(enrolmentPhrase(other) === phrase).toBe(one.every((byte, index) => byte === other[index]));
      }),
    );
  });

  it.each(["", "hello", "maple river stone", "apple river king cake please", "apple river king xyzzy"])(
    "takes %j for no phrase",
    (text) => {
      expect(readPhrase(text)).toBeUndefined();
    },
  );

  it("refuses to write one from too few bytes", () => {
    expect(() => enrolmentPhrase(new Uint8Array(3))).toThrow(RangeError);
  });
});
