import { expect, it } from "vitest";
import { pauseAfter } from "./retry-pauses.js";

it("doubles the pause after each try, up to a minute", () => {
  const tries = [1, 2, 3, 6, 7, 2000];
  expect(tries.map((each) => pauseAfter(each, 1000, 0.5))).toEqual([
    1000, 2000, 4000, 32_000, 60_000, 60_000,
  ]);
});

it("spreads the tries of chats that failed together", () => {
  expect([0, 1].map((random) => pauseAfter(1, 1000, random))).toEqual([750, 1250]);
});
