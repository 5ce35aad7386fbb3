import { expect, it } from "vitest";
import { Lanes } from "./lanes.js";

/** Runs works that end when told, and notes the order of their starts and ends. */
function harness(threeLanes: boolean) {
  const lanes = new Lanes(threeLanes);
  const seen: string[] = [];
  const ends = new Map<string, () => void>();
  const run = (name: string, lane: "mutation" | "read" | "control") =>
    lanes.run(lane, async () => {
      seen.push(`${name}+`);
      await new Promise<void>((resolve) => ends.set(name, resolve));
      seen.push(`${name}-`);
    });
  const end = async (name: string) => {
    ends.get(name)!();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { lanes, seen, run, end };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

it("carries out one at a time before 0.14.0", async () => {
  const { lanes, seen, run, end } = harness(false);
  run("a", "read");
  run("b", "control");
  await turn();
  expect(seen).toEqual(["a+"]);
  await end("a");
  await end("b");
  await lanes.idle();
  expect(seen).toEqual(["a+", "a-", "b+", "b-"]);
});

it("lets reads and control pass a slow mutation since 0.14.0, four reads at once", async () => {
  const { lanes, seen, run, end } = harness(true);
  run("m1", "mutation");
  run("m2", "mutation");
  for (let i = 1; i <= 5; i++) run(`r${i}`, "read");
  run("c", "control");
  await turn();
  expect(new Set(seen)).toEqual(new Set(["m1+", "r1+", "r2+", "r3+", "r4+", "c+"]));
  await end("r2");
  expect(seen).toContain("r5+");
  expect(seen).not.toContain("m2+");
  await end("m1");
  expect(seen.at(-1)).toBe("m2+");
  for (const name of ["m2", "r1", "r3", "r4", "r5", "c"]) await end(name);
  await lanes.idle();
  expect(lanes.outstanding).toBe(0);
});
