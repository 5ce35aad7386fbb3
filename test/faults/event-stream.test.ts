import { expect, it } from "vitest";
import { streamCuts } from "./harness/stream-cuts.js";

// A sample of `npm run test:events`, which plays 100,000 events.
it("tells 300 events once to each reader, over 30 cuts and 2 killed gateways", async () => {
  const { problems, cuts, cutWithin, kills, events } = await streamCuts({
    events: 300,
    cuts: 30,
    kills: 2,
    seed: 7,
  });
  expect(problems).toEqual([]);
  expect({ cuts, kills }).toEqual({ cuts: 31, kills: 2 });
  expect(cutWithin).toBeGreaterThan(15);
  expect(events).toBeGreaterThanOrEqual(300);
}, 120_000);
