import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { House } from "../../faults/harness/house.js";
import { readState } from "../../faults/harness/state.js";
import { until } from "../../faults/harness/wait.js";
import type { Ran } from "../../support/command-here.js";

const mia = "+15550100001";
// A busy machine starts a gateway in seconds; how long it takes proves nothing.
vi.setConfig({ testTimeout: 120_000 });
let house: House;

beforeEach(() => {
  house = new House();
});
afterEach(() => house.close());

const errorOf = ({ stdout, stderr }: Ran) => (JSON.parse(stderr || stdout) as { error: unknown }).error;

it("refuses a second gateway on the same state directory, and names the first", async () => {
  await house.configure();
  const first = await house.start();
  const second = await house.program(["gateway"]);
  expect(second.code).toBe(1);
  expect(second.stderr).toContain(String(first.pid));
  expect(second.stderr).toContain("started");
  const json = await house.program(["gateway", "--json"]);
  expect(errorOf(json)).toMatchObject({ code: "GATEWAY_RUNNING" });
  // The first one is none the worse for it.
  house.mac.say(mia, "q0 plain");
  expect(await house.got(mia, 1)).toEqual(["answer to q0"]);
  expect(await first.stop()).toEqual({ code: 0, signal: null });
});

it("takes over at once from a gateway that was killed", { tags: ["long"] }, async () => {
  await house.configure();
  const first = await house.start();
  first.kill("SIGKILL");
  await first.ended;
  const second = await house.start();
  expect(second.ending).toBeUndefined();
});

it("says that a state directory cannot be written, and what to do", { tags: ["long"] }, async () => {
  await house.configure();
  writeFileSync(join(house.folder, "file"), "");
  for (const state of [join(house.folder, "file/state"), "/proc/tapback/state"]) {
    const refused = await house.program(["gateway", "--json"], { TAPBACK_STATE_DIR: state });
    expect(refused.code).toBe(1);
    expect(errorOf(refused)).toEqual({
      code: "STATE_UNWRITABLE",
      message: expect.stringContaining(state),
      hint: expect.stringContaining("TAPBACK_STATE_DIR"),
    });
  }
});

it.runIf(process.getuid?.() !== 0)("says so of a directory without permission", async () => {
  await house.configure();
  chmodSync(house.stateDir, 0o500);
  const refused = await house.program(["gateway", "--json"]);
  chmodSync(house.stateDir, 0o700);
  expect(refused.code).toBe(1);
  expect(errorOf(refused)).toMatchObject({ code: "STATE_UNWRITABLE" });
});

it("keeps files and folders of the state for their owner alone", async () => {
  await house.configure();
  await house.start();
  const { readdirSync, statSync } = await import("node:fs");
  const modes = readdirSync(house.stateDir, { withFileTypes: true }).map((entry) => [
    entry.name,
    (statSync(join(house.stateDir, entry.name)).mode & 0o077).toString(8),
  ]);
  expect(modes.filter(([, mode]) => mode !== "0")).toEqual([]);
});

it("finishes a running turn after SIGTERM, and sends its answer", { tags: ["long"] }, async () => {
  const slow = new House({}, () => 1500);
  try {
    await slow.configure();
    const gateway = await slow.start();
    slow.mac.say(mia, "q0 parts");
    await until(
      () => slow.agent.runs.length === 1,
      () => slow.log,
    );
    expect(await gateway.stop()).toEqual({ code: 0, signal: null });
    expect(slow.textsTo(mia)).toHaveLength(3);
    expect(readState(slow.folder)).toMatchObject({ openRows: 0, openTurns: 0 });
  } finally {
    await slow.close();
  }
});
