import { describe, expect, it } from "vitest";
import { planOf, runningPoints } from "./harness/plan.js";
import { play } from "./harness/scenario.js";
import { sideBySide } from "./harness/wait.js";

const seeds = Array.from(
  { length: Number(process.env.SEEDS ?? 20) },
  (_, index) => index + 1 + Number(process.env.FIRST_SEED ?? 0),
);
const points = [...runningPoints, "account.claimed", "account.resumed", "bridge.live"];

describe("a gateway that dies at any durable step loses nothing and doubles nothing", () => {
  it.each(points)("%s", async (point) => {
    const results = await sideBySide(seeds, 3, async (seed) => {
      try {
        return await play(planOf(point, seed));
      } catch (error) {
        return { crashes: 0, problems: [String(error)] };
      }
    });
    const problems = results.flatMap((result, index) =>
      result.problems.map((problem) => `seed ${seeds[index]}: ${problem}`),
    );
    expect(problems).toEqual([]);
    // A plan may not reach the n-th passing; most must, or the point proves nothing.
    expect(results.filter(({ crashes }) => crashes > 0).length).toBeGreaterThan(seeds.length / 2);
  });
});
