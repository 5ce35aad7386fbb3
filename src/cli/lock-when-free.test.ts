import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { lockState } from "../control/index.js";
import type { Clock } from "../platform/index.js";
import { lockWhenFree } from "./lock-when-free.js";

let stateDir: string;
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), "tapback-free-"));
});
afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

/** A clock on which something happens in the first wait. */
function clock(waited: () => void): Clock {
  let now = 0;
  const sleep = async (ms: number) => {
    now += ms;
    waited();
    return true;
  };
  return { now: () => now, sleep, after: () => () => {}, every: () => () => {} };
}

it("waits for the gateway before, with one word, and holds the directory then", async () => {
  const before = lockState(stateDir, "", 0);
  const told: string[] = [];
  const onProgress = (text: string) => void told.push(text);
  const lock = await lockWhenFree(stateDir, { waitMs: 1000, clock: clock(before.release), onProgress });
  expect(told).toEqual(["waiting until the gateway has ended …"]);
  expect(() => lockState(stateDir, "", 0)).toThrow("a gateway already runs");
  lock!.release();
});

it("waits no longer than it may", async () => {
  const before = lockState(stateDir, "", 0);
  const wait = { waitMs: 1000, clock: clock(() => {}), onProgress: () => {} };
  await expect(lockWhenFree(stateDir, wait)).rejects.toMatchObject({ code: "GATEWAY_RUNNING" });
  before.release();
});
