import { afterAll, describe, expect, it } from "vitest";
import { cells, planOfCell, profiles } from "./harness/fault-matrix.js";
import { seedsOf } from "./harness/matrix.js";
import { crashPoints } from "./harness/plan.js";
import { play } from "./harness/scenario.js";

const seeds = seedsOf(1);
/** What was played of each profile. */
const played = new Map(profiles.map((version) => [version, { cells: 0, crashes: 0, unknown: 0 }]));

afterAll(() => {
  for (const [version, { cells, crashes, unknown }] of played)
    process.stderr.write(
      `imsg ${version}: ${cells} combinations, ${crashes} kills, ${unknown} sends of unknown outcome\n`,
    );
});

describe.each(crashPoints)("a gateway that dies at %s", (point) => {
  const mine = cells.filter((cell) => cell.point === point);
  let crashes = 0;

  it.concurrent.each(mine)("$fault, imsg $version", async (cell) => {
    for (const seed of seeds) {
      const result = await play(planOfCell(cell, seed));
      crashes += Math.min(result.crashes, 1);
      const all = played.get(cell.version)!;
      all.cells++;
      all.crashes += result.crashes;
      all.unknown += result.unknown;
      expect(result.problems, `seed ${seed}`).toEqual([]);
    }
  });

  it("died there", () => {
    // A plan may not reach the n-th passing; most must, or the point proves nothing.
    expect(crashes).toBeGreaterThan((mine.length * seeds.length) / 2);
  });
});
