import { chmodSync, existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Command, House } from "../../faults/harness/house.js";
import { readState } from "../../faults/harness/state.js";
import { until } from "../../faults/harness/wait.js";

const mia = "+15550100001";
// A busy machine starts a gateway in seconds; how long it takes proves nothing.
vi.setConfig({ testTimeout: 120_000 });
let house: House;

beforeEach(() => {
  house = new House();
});
afterEach(() => house.close());

const errorOf = ({ stdout, stderr }: Command) => (JSON.parse(stderr || stdout) as { error: unknown }).error;

it("refuses a second gateway on the same state directory, and names the first", async () => {
  await house.configure();
  const first = await house.start();
  const second = await house.tapback(["gateway"]);
  expect(second.code).toBe(1);
  expect(second.stderr).toContain(String(first.pid));
  expect(second.stderr).toContain("started");
  const json = await house.tapback(["gateway", "--json"]);
  expect(errorOf(json)).toMatchObject({ code: "GATEWAY_RUNNING" });
  // The first one is none the worse for it.
  house.mac.say(mia, "q0 plain");
  expect(await house.got(mia, 1)).toEqual(["answer to q0"]);
  expect(await first.stop()).toEqual({ code: 0, signal: null });
});

it("refuses a second gateway also when the file of the lock was removed", async () => {
  await house.configure();
  const first = await house.start();
  rmSync(join(house.stateDir, "gateway.lock"));
  const second = await house.tapback(["gateway", "--json"]);
  expect([second.code, errorOf(second)]).toEqual([
    1,
    expect.objectContaining({ code: "GATEWAY_RUNNING", message: expect.stringContaining(`${first.pid}`) }),
  ]);
  // What the first one says of itself still stands, and it ends in order.
  expect((await house.tapback(["channels", "status"])).stdout).not.toContain("The gateway is not running");
  expect(await first.stop()).toEqual({ code: 0, signal: null });
});

it("writes nothing into a state that was moved away, names it everywhere, and goes on when it is back", async () => {
  const owner = "+15550100009";
  await house.configure({}, { commands: { ownerAllowFrom: [owner] } });
  const first = await house.start();
  house.mac.say(mia, "q0 plain");
  await house.got(mia, 1);
  await house.settled();
  const path = join(house.stateDir, "state.db");
  renameSync(path, `${path}.away`);
  house.mac.say(mia, "q1 plain");
  expect((await house.got(owner, 1)).join()).toMatch(
    /STORE_LOST.*was removed or replaced.*Put the file back/,
  );
  const { accounts } = JSON.parse((await house.tapback(["channels", "status", "--json"])).stdout);
  const store = accounts[0].stages.find(({ name }: { name: string }) => name === "store");
  expect([accounts[0].verdict, store]).toEqual([
    expect.stringContaining("was removed or replaced"),
    expect.objectContaining({ ok: false, remedy: expect.stringContaining("Put the file back") }),
  ]);
  expect((await house.tapback(["doctor"])).stdout).toMatch(/it keeps nothing: .*was removed or replaced/);
  expect(existsSync(path)).toBe(false);
  expect(house.textsTo(mia)).toEqual(["answer to q0"]);
  renameSync(`${path}.away`, path);
  expect(await house.got(mia, 2)).toEqual(["answer to q0", "answer to q1"]);
  expect(await first.stop()).toEqual({ code: 0, signal: null });
});

it("takes over at once from a gateway that was killed", async () => {
  await house.configure();
  const first = await house.start();
  first.kill("SIGKILL");
  await first.ended;
  const second = await house.start();
  expect(second.ending).toBeUndefined();
});

it("says that a state directory cannot be written, and what to do", async () => {
  await house.configure();
  writeFileSync(join(house.folder, "file"), "");
  for (const state of [join(house.folder, "file/state"), "/proc/tapback/state"]) {
    const refused = await house.tapback(["gateway", "--json"], { TAPBACK_STATE_DIR: state });
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
  const refused = await house.tapback(["gateway", "--json"]);
  chmodSync(house.stateDir, 0o700);
  expect(refused.code).toBe(1);
  expect(errorOf(refused)).toMatchObject({ code: "STATE_UNWRITABLE" });
});

it("does not start where others can write into the state directory, until doctor mends it", async () => {
  await house.configure();
  for (const mode of [0o770, 0o702, 0o1777]) {
    chmodSync(house.stateDir, mode);
    const refused = await house.tapback(["gateway", "--json"]);
    expect([refused.code, errorOf(refused)]).toEqual([1, expect.objectContaining({ code: "STATE_EXPOSED" })]);
  }
  const modes = async (...more: string[]) => {
    const { stdout } = await house.tapback(["doctor", "--json", ...more]);
    return /others can write into/.test(stdout);
  };
  expect(await modes()).toBe(true);
  await house.tapback(["doctor", "--fix"]);
  expect(await modes()).toBe(false);
  await house.start();
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

it("finishes a running turn after SIGTERM, and sends its answer", async () => {
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

it("takes a turn up at the next start that did not end in time, under the same id", async () => {
  let thinkMs = 60_000;
  const slow = new House({}, () => thinkMs);
  try {
    await slow.configure({}, { gateway: { shutdownGraceMs: 200 } });
    const gateway = await slow.start();
    slow.mac.say(mia, "q0 plain");
    await until(
      () => slow.agent.runs.length === 1,
      () => slow.log,
    );
    expect(await gateway.stop()).toEqual({ code: 0, signal: null });
    expect(slow.textsTo(mia)).toEqual([]);
    expect(readState(slow.folder)?.openTurns).toBe(1);
    thinkMs = 0;
    await slow.start();
    expect(await slow.got(mia, 1)).toEqual(["answer to q0"]);
    expect(new Set(slow.agent.runs.map(({ turnId }) => turnId)).size).toBe(1);
  } finally {
    await slow.close();
  }
});
