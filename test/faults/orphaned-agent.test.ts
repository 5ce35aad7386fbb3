import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { isAlive } from "../support/process-alive.js";
import { House } from "./harness/house.js";
import { until } from "./harness/wait.js";

vi.setConfig({ testTimeout: 120_000 });

const mia = "+15550100001";
const agent = join(import.meta.dirname, "../fixtures/lasting-agent.mjs");

it("ends the agent of a killed gateway, and what it started, before its turn runs again", async () => {
  const house = new House();
  const path = join(house.folder, "runs.jsonl");
  const runs = (): { pids: number[]; beside: number[] }[] =>
    existsSync(path)
      ? readFileSync(path, "utf8")
          .split("\n")
          .filter(Boolean)
          .map((line) => JSON.parse(line))
      : [];
  try {
    const runtime = { type: "command", command: process.execPath, args: [agent], env: { RECORD_FILE: path } };
    await house.configure({}, { agents: { list: [{ id: "main", runtime }] } });
    const first = await house.start();
    house.mac.say(mia, "do it once");
    await until(
      () => runs().length === 1,
      () => house.log,
    );
    first.kill("SIGKILL");
    await first.ended;
    const { pids } = runs()[0]!;
    expect(pids.filter(isAlive)).toEqual(pids);
    const second = await house.start();
    expect(await house.got(mia, 1)).toEqual(["answered"]);
    expect(runs().map(({ beside }) => beside)).toEqual([[], []]);
    expect(pids.filter(isAlive)).toEqual([]);
    await house.settled();
    await second.stop();
    expect(readdirSync(join(house.stateDir, "agents/children"))).toEqual([]);
  } finally {
    for (const { pids } of runs()) for (const pid of pids.filter(isAlive)) process.kill(pid, "SIGKILL");
    await house.close();
  }
});
