import { describe, expect, it } from "vitest";
import type { QuestionOption } from "../../store/index.js";
import { chosenIn } from "./chosen.js";

const choices = (...names: string[]): QuestionOption[] =>
  names.map((name, index) => ({ id: String(index + 1), name, kind: "choice" }));
const permission: QuestionOption[] = [
  { id: "o1", name: "Run it", kind: "allow_once" },
  { id: "o2", name: "Never mind", kind: "reject_once" },
  { id: "o3", name: "Run it", kind: "allow_always" },
];

describe("a choice of an agent's question", () => {
  it.each([
    ["2", "Funghi"],
    [" 2) ", "Funghi"],
    ["FUNGHI!", "Funghi"],
    ["3", undefined],
    ["yes", undefined],
    ["fun", undefined],
    ["", undefined],
  ])("%j", (given, name) => {
    const options = choices("Margherita", "Funghi");
    const chosen = chosenIn({ kind: "ask", options }, given);
    expect(chosen === "deny" ? "deny" : chosen?.name).toBe(name);
  });

  it("takes yes and no in other words, likes and keycaps, where there is such a choice", () => {
    const question = { kind: "ask" as const, options: choices("No", "Yes", "Later") };
    const of = (given: Parameters<typeof chosenIn>[1]) => (chosenIn(question, given) as QuestionOption)?.name;
    expect(["y", "Ok.", "n"].map(of)).toEqual(["Yes", "Yes", "No"]);
    expect(of({ kind: "like", added: true })).toBe("Yes");
    expect(of({ kind: "dislike", added: true })).toBe("No");
    expect(of({ kind: "custom", added: true, number: 3 })).toBe("Later");
    expect(of({ kind: "custom", added: true, number: 4 })).toBeUndefined();
    expect(of({ vote: "Later", option: "x", added: true })).toBe("Later");
    const other = { kind: "ask" as const, options: choices("A", "B") };
    expect(chosenIn(other, { kind: "like", added: true })).toBeUndefined();
  });

  it("takes a number that is a choice for it, where its place is no choice", () => {
    const question = { kind: "ask" as const, options: choices("5", "10", "20") };
    expect(chosenIn(question, "20")).toMatchObject({ name: "20" });
    expect(chosenIn(question, "5")).toMatchObject({ name: "5" });
    // A place goes first: the tool takes no options that could be both.
    expect(chosenIn(question, "1")).toMatchObject({ name: "5" });
  });
});

it("tells the lasting choice of a permission request from the one of its name by the vote", () => {
  const question = { kind: "permission" as const, options: permission };
  const vote = (text: string) => chosenIn(question, { vote: text, option: "x", added: true });
  expect(vote("Run it")).toMatchObject({ id: "o1" });
  expect(vote("Run it (lasting)")).toMatchObject({ id: "o3" });
  expect(vote("something else")).toBeUndefined();
  expect(chosenIn(question, "deny")).toMatchObject({ id: "o2" });
  expect(chosenIn({ kind: "permission", options: [permission[0]!] }, "no")).toBe("deny");
});

it("takes no words for no answer, also where a refusal was added that the agent has no id for", () => {
  const options: QuestionOption[] = [permission[0]!, { id: "", name: "No", kind: "reject_once" }];
  const of = (given: string) => chosenIn({ kind: "permission", options }, given);
  expect(["", " ", "."].map(of)).toEqual([undefined, undefined, undefined]);
  expect(["no", "2", "yes"].map(of)).toMatchObject([{ name: "No" }, { name: "No" }, { name: "Run it" }]);
});
