import { chmodSync, existsSync, renameSync, rmSync } from "node:fs";
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

it("refuses a second gateway also when the file of the lock was removed", async () => {
  await house.configure();
  const first = await house.start();
  rmSync(join(house.stateDir, "gateway.lock"));
  const second = await house.program(["gateway", "--json"]);
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

it("does not start where others can write into the state directory, until doctor mends it", async () => {
  await house.configure();
  for (const mode of [0o770, 0o702, 0o1777]) {
    chmodSync(house.stateDir, mode);
    const refused = await house.program(["gateway", "--json"]);
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
