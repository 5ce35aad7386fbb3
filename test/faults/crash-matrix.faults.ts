import { describe, expect, it } from "vitest";
import { playSeeds, seedsOf } from "./harness/matrix.js";
import { crashPoints } from "./harness/plan.js";

const seeds = seedsOf(20);

describe("a gateway that dies at any durable step loses nothing and doubles nothing", () => {
  it.each(crashPoints)("%s", async (point) => {
    const { crashes, problems } = await playSeeds(point, seeds, 3);
    expect(problems).toEqual([]);
    // A plan may not reach the n-th passing; most must, or the point proves nothing.
    expect(crashes).toBeGreaterThan(seeds.length / 2);
  });
});
