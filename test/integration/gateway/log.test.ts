import { existsSync } from "node:fs";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { House } from "../../faults/harness/house.js";
import { acpAgent } from "../../support/acp-agent.js";

const mia = "+15550100001";
// A busy machine starts a gateway in seconds; how long it takes proves nothing.
vi.setConfig({ testTimeout: 120_000 });
let house: House;

beforeEach(() => {
  house = new House();
});
afterEach(() => house.close());

it.runIf(existsSync("/dev/full"))(
  "goes on when the disk of logging.file is full, and says so once",
  async () => {
    await house.configure({}, { logging: { level: "debug", file: "/dev/full" } });
    const gateway = await house.start();
    house.mac.say(mia, "q0 plain");
    expect(await house.got(mia, 1)).toEqual(["answer to q0"]);
    expect(await gateway.stop()).toEqual({ code: 0, signal: null });
    expect(gateway.log.match(/logging\.file cannot be written: ENOSPC/g)).toHaveLength(1);
  },
);

it("has one form, also for what libraries say", async () => {
  const acp = { command: process.execPath, args: [acpAgent] };
  await house.configure(
    {},
    { agents: { list: [{ id: "main", runtime: { type: "acp", acp } }] }, logging: { format: "json" } },
  );
  const gateway = await house.start();
  house.mac.say(mia, "stray");
  expect(await house.got(mia, 1)).toEqual(["sent"]);
  await gateway.stop();
  const lines = gateway.log.trim().split("\n");
  const said = lines.map((line) => JSON.parse(line) as { level: string; msg: string });
  expect(said).toContainEqual(
    expect.objectContaining({ level: "warn", msg: expect.stringContaining("unknown request") }),
  );
});

it("goes on when whoever read its log has gone, and ends in order", { tags: ["long"] }, async () => {
  await house.configure();
  const gateway = await house.start();
  gateway.leaveLog();
  house.mac.say(mia, "q0 plain");
  expect(await house.got(mia, 1)).toEqual(["answer to q0"]);
  expect(await gateway.stop()).toEqual({ code: 0, signal: null });
});
