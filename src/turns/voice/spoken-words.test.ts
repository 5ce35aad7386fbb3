import { expect, it } from "vitest";
import { withSpoken } from "./spoken-words.js";

const said = (name: string, words: string) => ({ name, transcript: { ok: true as const, words } });
const unheard = {
  name: "b.amr",
  transcript: { ok: false as const, detail: "/x: no", brief: "the program failed" },
};

it("is the text where there is none, and stands below where there is one", () => {
  expect(withSpoken("", [said("a.m4a", "hi"), said("b.m4a", "there")])).toBe("hi\nthere");
  expect(withSpoken("listen", [said("a.m4a", "hi"), unheard])).toBe(
    "listen\n[said in a.m4a: hi]\n[voice message, no transcript: the program failed]",
  );
  expect([withSpoken("", []), withSpoken("as it is", [])]).toEqual(["", "as it is"]);
});
