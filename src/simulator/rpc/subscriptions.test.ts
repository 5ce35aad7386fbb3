import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { FakeClock } from "../../../test/support/fake-clock.js";
import { systemHost } from "../world/host.js";
import { openPlace } from "../world/place.js";
import { openWorld, type World } from "../world/world.js";
import { Subscriptions } from "./subscriptions.js";

let folder: string;
let clock: FakeClock;
let world: World;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "subscriptions-"));
  clock = new FakeClock();
  const host = { ...systemHost, clock, watch: () => undefined };
  world = openWorld({ place: openPlace({ home: folder, env: {}, host }) });
});
afterEach(() => {
  world.close();
  rmSync(folder, { recursive: true, force: true });
});

it("looks for a command until a look fails, and tells why", async () => {
  const subscriptions = new Subscriptions(world);
  let looks = 0;
  const poll = () => {
    if (++looks === 3) throw new Error("world.json is not a JSON object");
    return Number.POSITIVE_INFINITY;
  };
  const failed = subscriptions.untilFailed(world, { debounceMs: 0, pollMs: 500, poll });
  const told = expect(failed).rejects.toThrow("world.json is not a JSON object");
  await clock.advance(5000);
  await told;
  expect([looks, subscriptions.size, clock.waiting]).toEqual([3, 0, 0]);
});
