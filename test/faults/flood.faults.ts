import { expect, it } from "vitest";
import { flood } from "./harness/flood.js";

it("takes 10,000 messages through one gateway whose child is killed 50 times, losing and doubling none", async () => {
  expect(await flood(10_000, 50)).toEqual({ lost: [], doubled: [], unsettled: {}, kills: 50 });
}, 1_800_000);
