import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { RunResult } from "../simulation/run.js";
import { casesOf } from "../support/cases.js";
import { removeFolder } from "../support/remove-folder.js";

// A busy machine is slow; how long it takes proves nothing.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const main = join(import.meta.dirname, "../../dist-test/simulation/main.js");
const folder = mkdtempSync(join(tmpdir(), "simulation-"));

/** A sample of `npm run simulate`, of the oldest and the newest build of imsg. */
let sample: RunResult[] = [];

/** Plays seeds, one after the other in one process. @param seeds as `--seeds` takes them @param more words of its command line */
function play(seeds: string, more: readonly string[] = []): RunResult[] {
  const results = join(folder, `${seeds} ${more.join(" ")}.jsonl`);
  const args = ["--seeds", seeds, "--messages", "20", "--workers", "0", "--results", results, ...more];
  const { stdout, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: "utf8" });
  try {
    const lines = readFileSync(results, "utf8").split("\n").filter(Boolean);
    return lines.map((line) => JSON.parse(line) as RunResult);
  } catch (error) {
    throw new Error(stdout + stderr, { cause: error });
  }
}

const seeds: [seed: number, profile: string][] = [
  [4, "0.9"],
  [3, "0.19"],
  [2, "0.15"],
  [1, "0.14"],
];
const tried = casesOf(seeds, 2);

beforeAll(() => {
  sample = play(`${tried.at(-1)![0]}..4`);
});

afterAll(() => removeFolder(folder));

it.each(tried)("breaks no promise with seed %i on imsg %s", (seed, profile) => {
  const played = sample.find((result) => result.seed === seed);
  expect(played?.profile).toBe(profile);
  expect(played?.violation).toBeUndefined();
});

it("is the same run for the same seed, in another process and whatever was played before", {
  tags: ["long"],
}, () => {
  expect(play("4..4")[0]?.hash).toBe(sample.find(({ seed }) => seed === 4)?.hash);
});

describe("two gateways on one state", () => {
  const two = ["--nodes", "2"];
  const violations = (played: readonly RunResult[]) => played.map(({ violation }) => violation);

  it("break no promise while they die and take over", { tags: ["long"] }, () => {
    const played = play("4..4", two);
    expect(violations(played)).toEqual([undefined]);
    // What is to be judged has to have happened.
    expect(played[0]!.counts["account freed of a node"]).toBeGreaterThan(0);
  });

  it("break none over more seeds, and are the same run for the same seed", { tags: ["long"] }, () => {
    const played = play("1..4", [...two, "--messages", "100"]);
    expect(violations(played)).toEqual([undefined, undefined, undefined, undefined]);
    const [again] = play("4..4", [...two, "--messages", "100"]);
    expect(again?.hash).toBe(played[3]!.hash);
  });
});
