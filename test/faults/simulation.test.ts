import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, expect, it, vi } from "vitest";
import { buildSimulation } from "../../scripts/simulation-build.mjs";
import type { RunResult } from "../simulation/run.js";

// A busy machine is slow; how long it takes proves nothing.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const root = join(import.meta.dirname, "../..");

beforeAll(() => expect(buildSimulation(root)).toBe(true));

function play(seed: number, profile: string): RunResult {
  const args = ["--seed", String(seed), "--messages", "30", "--profile", profile, "--shrink", "0"];
  const main = join(root, "dist-simulation/simulation/main.js");
  const { stdout, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: "utf8" });
  const line = stdout.split("\n").find((each) => each.startsWith('{"seed"'));
  if (line === undefined) throw new Error(stdout + stderr);
  return JSON.parse(line) as RunResult;
}

/** Of each seed that was played. */
const hashes = new Map<number, string>();

// A sample of `npm run simulate`, with each build of imsg.
it.each([
  [1, "0.9"],
  [2, "0.14"],
  [3, "0.15"],
  [4, "0.19"],
])("breaks no promise with seed %i on imsg %s", (seed, profile) => {
  const { violation, hash } = play(seed, profile);
  hashes.set(seed, hash);
  expect(violation).toBeUndefined();
});

it("is the same run for the same seed", () => {
  expect(play(4, "0.19").hash).toBe(hashes.get(4));
});
