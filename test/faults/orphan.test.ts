import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { isAlive } from "../support/process-alive.js";
import { House } from "./harness/house.js";
import { until } from "./harness/wait.js";

vi.setConfig({ testTimeout: 120_000 });

const mia = "+15550100001";

/** A gateway is killed while its child is in the middle of a slow send; the next one must not send it again. */
async function killedWhileSending(sendMs: number, patienceMs: number) {
  const house = await new House({ watchPollMs: 200, record: true }).configure();
  try {
    const first = await house.start();
    house.mac.misbehave({ kind: "delay", method: "send", ms: sendMs, times: 1 });
    house.mac.say(mia, "q0 plain");
    await until(
      () => requestsOf(house).includes('"method":"send"'),
      () => house.log,
    );
    // A child that reports a row to nobody would die of it.
    house.mac.misbehave({ kind: "silent-watch" });
    const [orphan] = await first.children();
    first.kill("SIGKILL");
    await first.ended;
    expect(isAlive(orphan!)).toBe(true);
    const second = await house.start({ env: { TAPBACK_TEST_ORPHAN_MS: String(patienceMs) } });
    await house.settled();
    await until(
      () => !isAlive(orphan!),
      () => "the orphan lives on",
    );
    house.mac.behave();
    house.mac.say(mia, "q1 plain");
    await house.got(mia, 2);
    await house.settled();
    const [child] = await second.children();
    expect(JSON.parse(recordOf(house))).toMatchObject({ pid: child });
    await second.stop();
    expect(recordOf(house)).toBe("");
    return house.textsTo(mia);
  } finally {
    await house.close();
  }
}

it.concurrent("waits for a send that the child of a killed gateway is in the middle of", async () => {
  expect(await killedWhileSending(6000, 20_000)).toEqual(["answer to q0", "answer to q1"]);
});

it.concurrent("ends a child of a killed gateway that does not end by itself, and sends what it did not", {
  tags: ["long"],
}, async () => {
  expect(await killedWhileSending(600_000, 300)).toEqual(["answer to q0", "answer to q1"]);
});

function requestsOf(house: House): string {
  const path = join(house.folder, "requests.jsonl");
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

function recordOf(house: House): string {
  const folder = join(house.stateDir, "imessage/child");
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("");
}
