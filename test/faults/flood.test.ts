import { expect, it } from "vitest";
import { flood } from "./harness/flood.js";

// A sample of `npm run test:faults`, which sends 10,000 (flood.faults.ts).
it("takes a flood through one gateway whose child is killed", {
  tags: ["long"],
  timeout: 120_000,
}, async () => {
  expect(await flood(120, 1)).toEqual({ lost: [], doubled: [], unsettled: {}, kills: 1 });
});
