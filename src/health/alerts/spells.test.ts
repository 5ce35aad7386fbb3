import { describe, expect, it } from "vitest";
import { keyOf, lookAgain, type Spell } from "./spells.js";
import type { Trouble } from "./trouble.js";

const down: Trouble = { kind: "messages", account: "default", detail: "imsg does not run" };
const served = new Set(["default", "work"]);

/** Looks every ten seconds, `x` where it is broken; a due word is told at once. @returns what was told at which look */
function told(looks: string, spells: Spell[] = []): string[] {
  const words: string[] = [];
  let now = spells;
  [...looks].forEach((look, index) => {
    now = lookAgain(now, look === "x" ? [down] : [], served, index * 10_000);
    for (const { phase } of now) if (phase.endsWith("-due")) words.push(`${phase} ${index}`);
    now = now
      .filter(({ phase }) => phase !== "end-due")
      .map((spell) => (spell.phase === "begin-due" ? { ...spell, phase: "told" } : spell));
  });
  return words;
}

describe("a state that is broken (behaviour 18.5)", () => {
  it("is told once after a minute, and its end after two", () => {
    expect(told("xxxxx.............................")).toEqual([]);
    expect(told("xxxxxxxxxxxxxxxxxxxxxxx")).toEqual(["begin-due 5"]);
    expect(told("xxxxxxxx...........")).toEqual(["begin-due 5"]);
    expect(told("xxxxxxxx............")).toEqual(["begin-due 5", "end-due 19"]);
  });

  it("is one state while it comes and goes, which is told too", () => {
    expect(told("x.x.x.x.x.x.x.x.x.x.x.x.x.x.x")).toEqual(["begin-due 20"]);
    expect(told("xxxxxx.......xxxx.......x.x.x.x")).toEqual(["begin-due 5"]);
  });

  it("begins anew once it was over", () => {
    expect(told(`xxxxxx${".".repeat(12)}xxxxxx`)).toEqual(["begin-due 5", "end-due 17", "begin-due 23"]);
  });

  it("keeps the time at which it was first seen, and the words with which it was told", () => {
    let spells = lookAgain([], [down], served, 1000);
    for (let at = 2; at < 8; at++) spells = lookAgain(spells, [down], served, at * 1000);
    const worse = { ...down, detail: "imsg is not there" };
    expect(lookAgain(spells, [worse], served, 9000)).toEqual([
      { trouble: down, since: 1000, score: 12, phase: "begin-due" },
    ]);
  });

  it("leaves another account's and another kind's alone", () => {
    const others: Trouble[] = [
      { ...down, account: "work" },
      { ...down, kind: "sending" },
      { kind: "state", detail: "the disk is full" },
    ];
    let spells: Spell[] = [];
    for (let at = 0; at < 6; at++)
      spells = lookAgain(spells, at < 3 ? [down, ...others] : others, served, at);
    expect(spells.map(({ trouble, phase }) => [trouble.kind, trouble.account, phase])).toEqual([
      ["messages", "default", "seen"],
      ["messages", "work", "begin-due"],
      ["sending", "default", "begin-due"],
      ["state", undefined, "begin-due"],
    ]);
  });

  it("that was told neither ends nor goes on while nobody knows, and ends as before once it is known", () => {
    const spell: Spell = { trouble: down, since: 0, score: 12, phase: "told" };
    const other: Spell = { ...spell, trouble: { ...down, kind: "sending" } };
    const unknown = new Set([keyOf(down)]);
    let spells = [spell, other];
    for (let look = 0; look < 12; look++) spells = lookAgain(spells, [], served, look, unknown);
    expect(spells).toEqual([spell, { ...other, score: 0, phase: "end-due" }]);
    for (let look = 0; look < 12; look++) spells = lookAgain(spells, [], served, look);
    expect(spells[0]).toEqual({ ...spell, score: 0, phase: "end-due" });
    // What was not told is not kept for it.
    const seen: Spell = { ...spell, score: 1, phase: "seen" };
    expect(lookAgain([seen], [], served, 0, unknown)).toEqual([]);
  });

  it("holds as long as it says, also where nobody tells of it any more", () => {
    const lost: Trouble = { ...down, kind: "addresses", until: 1000 };
    const spell: Spell = { trouble: lost, since: 0, score: 12, phase: "told" };
    expect(lookAgain([spell], [], served, 999)).toEqual([spell]);
    expect(lookAgain([spell], [], served, 1000)).toEqual([{ ...spell, score: 11 }]);
    const again = lookAgain([spell], [{ ...lost, detail: "another", until: 2000 }], served, 1000);
    expect(again).toEqual([{ ...spell, trouble: { ...lost, until: 2000 } }]);
    expect(lookAgain(again, [], served, 1999)).toEqual(again);
  });

  it("ends without a word with the account that it is of", () => {
    const spell: Spell = { trouble: down, since: 0, score: 12, phase: "told" };
    expect(lookAgain([spell], [down], new Set(["work"]), 5)).toEqual([]);
    expect(lookAgain([spell], [], served, 5)).toEqual([{ ...spell, score: 11 }]);
  });
});
