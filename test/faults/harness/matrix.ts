import { planOf } from "./plan.js";
import { play, type Result } from "./scenario.js";
import { sideBySide } from "./wait.js";

/** Plays a crash point with many seeds. @returns how many died there, and what was wrong, seed by seed */
export async function playSeeds(
  point: string,
  seeds: readonly number[],
  width: number,
  scenario: (point: string, seed: number) => Promise<Result> = (at, seed) => play(planOf(at, seed)),
): Promise<Result> {
  const results = await sideBySide(seeds, width, async (seed) => {
    const { crashes, problems } = await scenario(point, seed).catch((error) => ({
      crashes: 0,
      problems: [String(error)],
    }));
    const named = problems.map((problem) => `${point}, seed ${seed}: ${problem}`);
    // Shown at once: a full run takes minutes.
    for (const problem of named) process.stderr.write(`${problem}\n`);
    return { crashes: Math.min(crashes, 1), problems: named };
  });
  return {
    crashes: results.reduce((sum, { crashes }) => sum + crashes, 0),
    problems: results.flatMap(({ problems }) => problems),
  };
}

/** Seeds from 1, or those that `FAULT_SEEDS` names (`7` or `1-20`). */
export function seedsOf(count: number): number[] {
  const [first = 1, last = process.env.FAULT_SEEDS === undefined ? count : first] = (
    process.env.FAULT_SEEDS ?? ""
  )
    .split("-")
    .filter(Boolean)
    .map(Number);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
