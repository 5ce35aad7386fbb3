import { describe, expect, it } from "vitest";
import { cells, planOfCell } from "./harness/fault-matrix.js";
import { seedsOf } from "./harness/matrix.js";
import { crashPoints } from "./harness/plan.js";
import { play } from "./harness/scenario.js";

const seeds = seedsOf(1);

describe.each(crashPoints)("a gateway that dies at %s", (point) => {
  const mine = cells.filter((cell) => cell.point === point);
  let crashes = 0;

  it.concurrent.each(mine)("$fault, imsg $version", async (cell) => {
    for (const seed of seeds) {
      const result = await play(planOfCell(cell, seed));
      crashes += Math.min(result.crashes, 1);
      expect(result.problems, `seed ${seed}`).toEqual([]);
    }
  });

  it("died there", () => {
    // A plan may not reach the n-th passing; most must, or the point proves nothing.
    expect(crashes).toBeGreaterThan((mine.length * seeds.length) / 2);
  });
});
