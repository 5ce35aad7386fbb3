import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openDatabase } from "../../src/platform/index.js";
import { AcpHouse } from "../support/acp-house.js";

const sessions = 200;
const maxProcesses = 8;
/** What the gateway's memory may grow by from one round to the next, megabytes: far below one per session. */
const flatMb = 40;

let acp: AcpHouse;
beforeEach(() => {
  acp = new AcpHouse();
});
afterEach(() => acp.close());

const handleOf = (index: number) => `+1555030${String(index).padStart(4, "0")}`;
const ps = (...args: string[]) => execFileSync("ps", args, { encoding: "utf8" });
const agentProcesses = (parent: number) =>
  ps("-A", "-o", "ppid=,args=")
    .split("\n")
    .filter((line) => line.trim().startsWith(`${parent} `) && line.includes("acp-agent.js")).length;
const residentMb = (pid: number) => Number(ps("-o", "rss=", "-p", String(pid))) / 1024;

/** When turns began, in the order of their messages. */
function starts(): number[] {
  const database = openDatabase(join(acp.house.folder, "state/state.db"), { readOnly: true });
  try {
    return database
      .prepare("SELECT started_at FROM turn ORDER BY seq")
      .all()
      .map((row) => Number(row.started_at));
  } finally {
    database.close();
  }
}

it("serves 200 sessions at once: bounded processes, flat memory, in order, each its own", async () => {
  await acp.configure({ default: "fixture", acp: { maxProcesses } });
  const gateway = await acp.house.start();
  const memory: number[] = [];
  let most = 0;
  for (let round = 1; round <= 3; round += 1) {
    for (let index = 0; index < sessions; index += 1)
      acp.house.mac.say(handleOf(index), round === 3 ? "prompts" : `round ${round} of ${index}`);
    const answered = () => acp.house.mac.sent().length >= round * sessions;
    const look = async () => {
      most = Math.max(most, agentProcesses(gateway.pid));
      return answered();
    };
    await expect.poll(look, { timeout: 400_000, interval: 100 }).toBe(true);
    await acp.house.settled();
    memory.push(residentMb(gateway.pid));
  }
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(maxProcesses);
  console.info(`${most} processes at most; memory after each round ${memory.map(Math.round).join(", ")} MB`);
  // Garbage is collected at any time, so the last round is held against the most before it.
  expect(memory[2]! - Math.max(memory[0]!, memory[1]!)).toBeLessThan(flatMb);
  for (let index = 0; index < sessions; index += 1)
    expect(acp.house.textsTo(handleOf(index))).toEqual([
      `You said: round 1 of ${index}`,
      `You said: round 2 of ${index}`,
      JSON.stringify([`round 1 of ${index}`, `round 2 of ${index}`, "prompts"]),
    ]);
  const began = starts();
  expect(began).toEqual([...began].sort((a, b) => a - b));
  expect(await gateway.stop()).toMatchObject({ code: 0 });
}, 1_800_000);
