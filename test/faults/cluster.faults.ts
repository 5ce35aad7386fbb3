import { describe, expect, it } from "vitest";
import { withoutPostgres } from "../support/postgres-here.js";
import { playCluster } from "./harness/cluster-play.js";

const { messages, faults, gateways, workers, seed, imsg, lease } = {
  ...{ messages: "2000", faults: "20", gateways: "2", workers: "2", seed: "1", imsg: "0.19.1", lease: "3" },
  ...(JSON.parse(process.env.CLUSTER ?? "{}") as Record<string, string>),
};
const plan = {
  messages: Number(messages),
  faults: Number(faults),
  gateways: Number(gateways),
  workers: Number(workers),
  seed: Number(seed),
  imsg,
  leaseMs: Number(lease) * 1000,
};

describe.skipIf(withoutPostgres)("a cluster", () => {
  it(`answers ${messages} messages once over ${faults} faults, with ${gateways} gateways, ${workers} workers and imsg ${imsg} (seed ${seed})`, async () => {
    const { problems, ...figures } = await playCluster(plan);
    console.log(JSON.stringify({ ...plan, ...figures, problems: problems.length }));
    expect(problems.slice(0, 20)).toEqual([]);
    // Only where a send has no GUID of ours nobody can know whether Messages has it.
    const isTracked = Number(imsg.split(".")[1]) >= 15;
    expect(figures.doubled).toBeLessThanOrEqual(isTracked ? 0 : plan.faults);
  }, 7_200_000);
});
