import { expect, it } from "vitest";
import type { CountedTurn, Usage } from "../../store/index.js";
import { spentBy, spentInAll } from "./spent.js";
import { costWords, spentLine, tokenWords } from "./spent-words.js";

const [mia, ben] = ["+15550100001", "+15550100002"];
const used = (model: string, inputTokens: number, outputTokens: number): Usage => ({
  ...{ model, inputTokens, outputTokens, cachedInputTokens: 0 },
});
const turn = (people: string[], change: Partial<CountedTurn> = {}): CountedTurn => ({
  ...{ day: "2026-05-09", agentId: "main", people },
  ...change,
});
const price = (inputPerMTok: number, currency = "USD") => ({ inputPerMTok, outputPerMTok: 10, currency });
const models = {
  providers: {
    openai: { prices: { "gpt-5": price(2), "org/mini": price(0), "gpt-eu": price(2, "EUR") } },
  },
};
const same = (handle: string) => handle;

it("adds up turns, tokens and cost of each person, agent or day", () => {
  const turns = [
    turn([mia], { usage: [used("openai/gpt-5", 500_000, 100_000)] }),
    turn([mia, ben], { usage: [used("openai/org/mini", 1000, 10_000)], agentId: "b" }),
    turn([ben], { usage: [used("openai/gpt-5", 0, 0)], day: "2026-05-08" }),
  ];
  const zero = { turns: 1, untold: 0 };
  expect(spentBy(turns, "person", models, same)).toEqual([
    {
      of: mia,
      turns: 2,
      untold: 0,
      inputTokens: 501_000,
      outputTokens: 110_000,
      cost: { amount: 2.1, currency: "USD" },
    },
    {
      of: ben,
      turns: 2,
      untold: 0,
      inputTokens: 1000,
      outputTokens: 10_000,
      cost: { amount: 0.1, currency: "USD" },
    },
  ]);
  expect(spentBy(turns, "day", models, same)[0]).toEqual({
    ...{ of: "2026-05-08", ...zero, inputTokens: 0, outputTokens: 0 },
    cost: { amount: 0, currency: "USD" },
  });
  expect(spentBy(turns, "agent", models, same).map(({ of, turns }) => [of, turns])).toEqual([
    ["b", 1],
    ["main", 2],
  ]);
  expect(spentBy(turns, "person", models, () => mia).map(({ turns }) => turns)).toEqual([3]);
});

it("never takes what is not known for nothing", () => {
  const known = turn([mia], { usage: [used("openai/gpt-5", 10, 5)] });
  const some = spentInAll([known, turn([mia])], models);
  expect(some).toMatchObject({ turns: 2, untold: 1, inputTokens: 10, outputTokens: 5, cost: null });
  expect(tokenWords(some, some.inputTokens)).toBe("10 and 1 turn unknown");
  expect(spentInAll([turn([mia])], models)).toMatchObject({
    inputTokens: null,
    outputTokens: null,
    cost: null,
  });
  for (const model of ["openai/other", "codex", "constructor/toString", "/gpt-5"])
    expect(spentInAll([turn([], { usage: [used(model, 1, 1)] })], models).cost).toBeNull();
  const mixed = [used("openai/gpt-5", 1, 1), used("openai/gpt-eu", 1, 1)];
  expect(spentInAll([turn([mia], { usage: mixed })], models).cost).toBeNull();
  expect(spentBy([turn([])], "person", models, same)).toMatchObject([{ of: "", turns: 1 }]);
});

it("is said in words", () => {
  const of = (usage: Usage[] | undefined) => spentInAll([turn([mia], usage && { usage })], models);
  expect(spentLine(of([used("openai/gpt-5", 1_000_000, 200)]))).toBe("1 turn, 1,000,200 tokens, 2.00 USD");
  expect(costWords(of([used("openai/gpt-5", 100, 0)]))).toBe("0.0002 USD");
  expect(spentLine(of(undefined))).toBe("1 turn, unknown tokens");
  expect(spentLine(spentInAll([], models))).toBe("0 turns");
});
