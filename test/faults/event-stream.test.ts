import { expect, it } from "vitest";
import { streamCuts } from "./harness/stream-cuts.js";

// A sample of `npm run test:events`, which plays 100,000 events.
it("tells 100 events once to each reader, over 20 cuts and a killed gateway", {
  tags: ["long"],
  timeout: 120_000,
}, async () => {
  const { problems, cuts, cutWithin, kills, events } = await streamCuts({
    events: 100,
    cuts: 20,
    kills: 1,
    seed: 7,
  });
  expect(problems).toEqual([]);
  expect({ cuts, kills }).toEqual({ cuts: 20, kills: 1 });
  expect(cutWithin).toBeGreaterThan(10);
  expect(events).toBeGreaterThanOrEqual(100);
});
