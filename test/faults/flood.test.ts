import { expect, it } from "vitest";
import { flood } from "./harness/flood.js";

// A sample of `npm run test:faults`, which sends 10,000 (flood.faults.ts).
it("takes a flood through one gateway whose child is killed 3 times", async () => {
  expect(await flood(400, 3)).toEqual({ lost: [], doubled: [], unsettled: {}, kills: 3 });
}, 120_000);
