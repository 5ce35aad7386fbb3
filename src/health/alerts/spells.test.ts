import { describe, expect, it } from "vitest";
import { lookAgain, type Spell } from "./spells.js";
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

  it("ends without a word with the account that it is of", () => {
    const spell: Spell = { trouble: down, since: 0, score: 12, phase: "told" };
    expect(lookAgain([spell], [down], new Set(["work"]), 5)).toEqual([]);
    expect(lookAgain([spell], [], served, 5)).toEqual([{ ...spell, score: 11 }]);
  });
});
