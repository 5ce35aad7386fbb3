import { expect, it } from "vitest";
import { streamCuts } from "./harness/stream-cuts.js";

const { events, cuts, kills, seed } = {
  ...{ events: "100000", cuts: "1000", kills: "20", seed: "1" },
  ...(JSON.parse(process.env.EVENT_STREAM ?? "{}") as Record<string, string>),
};
const plan = { events: Number(events), cuts: Number(cuts), kills: Number(kills), seed: Number(seed) };

it(`tells ${events} events once to each reader, over ${cuts} cuts and ${kills} killed gateways (seed ${seed})`, async () => {
  const { problems, ...figures } = await streamCuts(plan);
  console.log(JSON.stringify({ ...plan, ...figures, problems: problems.length }));
  expect(problems.slice(0, 20)).toEqual([]);
  expect(figures.kills).toBe(plan.kills);
  expect(figures.cuts).toBeGreaterThanOrEqual(plan.cuts);
}, 7_200_000);
