import type { LanguageModelV3CallOptions } from "@ai-sdk/provider";
import { expect, it } from "vitest";
import { ContextBudget } from "./context-budget.js";

const request = (text: string, more: Partial<LanguageModelV3CallOptions> = {}) => ({
  prompt: [{ role: "user" as const, content: [{ type: "text" as const, text }] }],
  ...more,
});

function budgetOf(size: number | undefined) {
  const asked: number[] = [];
  const clock = { time: 1_000_000_000_000, now: () => clock.time };
  const budget = new ContextBudget(async () => {
    asked.push(clock.time);
    return size;
  }, clock);
  return { budget, asked, clock };
}

it("takes a token for three bytes, and keeps room for the answer", async () => {
  const { budget } = budgetOf(8000);
  // A quarter is for the answer: 6000 tokens are left, 18,000 bytes.
  expect(await budget.takes(request("x".repeat(17_800)))).toBe(true);
  expect(await budget.takes(request("x".repeat(18_100)))).toBe(false);
  expect(await budget.takes(request("é".repeat(9050)))).toBe(false);
  // A short answer needs less of it.
  expect(await budget.takes(request("x".repeat(18_100), { maxOutputTokens: 100 }))).toBe(true);
  expect(await budget.charactersOf("x".repeat(10_000))).toBe(18_000);
  expect(await budget.charactersOf("é".repeat(10_000))).toBe(9000);
});

it("keeps of a large model 4,096 tokens free for the answer, or what it may be given", async () => {
  const { budget } = budgetOf(128_000);
  const room = async (maxOutputTokens?: number) => budget.charactersOf("x".repeat(400_000), maxOutputTokens);
  expect(await room()).toBe(3 * (128_000 - 4096));
  expect(await room(16_000)).toBe(3 * (128_000 - 16_000));
  expect(await room(64_000)).toBe(3 * 96_000);
});

it("counts tools, and pictures by their number", async () => {
  const { budget } = budgetOf(8000);
  const picture = { type: "file" as const, mediaType: "image/png", data: new Uint8Array(1_000_000) };
  const seen = (pictures: number) => ({
    prompt: [{ role: "user" as const, content: Array.from({ length: pictures }, () => picture) }],
  });
  expect(await budget.takes(seen(3))).toBe(true);
  expect(await budget.takes(seen(4))).toBe(false);
  const tools = [{ type: "function" as const, name: "x", description: "x".repeat(18_100), inputSchema: {} }];
  expect(await budget.takes(request("short", { tools }))).toBe(false);
});

it("counts as the endpoint counted last, within bounds", async () => {
  const { budget } = budgetOf(8000);
  const long = request("x".repeat(18_000));
  budget.learn(long, 4500);
  expect(await budget.takes(request("x".repeat(21_000)))).toBe(true);
  // A language that takes many tokens.
  budget.learn(long, 9000);
  expect(await budget.takes(request("x".repeat(12_000)))).toBe(false);
  // Whoever counts only what it had not read before is believed to a bound alone.
  budget.learn(long, 10);
  expect(await budget.takes(request("x".repeat(26_800)))).toBe(true);
  expect(await budget.takes(request("x".repeat(27_200)))).toBe(false);
  budget.learn(long, 0);
  expect(await budget.takes(request("x".repeat(27_200)))).toBe(false);
});

it("asks once an hour, and for what may be too long alone", async () => {
  const { budget, asked, clock } = budgetOf(8000);
  expect(await budget.takes(request("x".repeat(4000)))).toBe(true);
  expect(asked).toHaveLength(0);
  for (const _ of [1, 2, 3]) await budget.takes(request("x".repeat(5000)));
  expect(asked).toHaveLength(1);
  clock.time += 3_600_000;
  await budget.takes(request("x".repeat(5000)));
  expect(asked).toHaveLength(2);
});

it("leaves everything as it is where nobody tells the size", async () => {
  const { budget } = budgetOf(undefined);
  expect(await budget.takes(request("x".repeat(10_000_000)))).toBe(true);
  expect(await budget.charactersOf("x".repeat(10_000_000))).toBeUndefined();
});
