import { expect, it } from "vitest";
import { FakeClock } from "../../test/support/fake-clock.js";
import { TapbackError } from "../platform/index.js";
import type { StoreHealth } from "../store/index.js";
import { StoreWatch } from "./store-watch.js";

const log = { debug() {}, info() {}, warn() {}, error() {} };
const full = new TapbackError("STORE_FULL", "the disk is full", { hint: "Free some disk space." });
const hourMs = 3600_000;

it("tells the owners within 30 s that nothing can be kept, once, and when it is over", async () => {
  const clock = new FakeClock();
  const told: string[] = [];
  let health: StoreHealth = {};
  const store = { probe: async () => health } as never;
  const watch = new StoreWatch({ store, clock, log, tellOwners: (text) => void told.push(text) });
  watch.start();
  await clock.advance(60_000);
  expect(told).toEqual([]);
  health = { error: full };
  await clock.advance(30_000);
  expect(told).toEqual([expect.stringMatching(/STORE_FULL.*disk is full.*Free some disk space/)]);
  await clock.advance(hourMs);
  health = {};
  await clock.advance(30_000);
  expect(told.slice(1)).toEqual([expect.stringContaining("can be written again")]);
  // A disk that is full now and then: not every time, and then its end is no news either.
  health = { error: full };
  await clock.advance(30_000);
  health = {};
  await clock.advance(30_000);
  expect(told).toHaveLength(4);
  for (let i = 0; i < 5; i++) {
    health = i % 2 === 0 ? { error: full } : {};
    await clock.advance(30_000);
  }
  expect(told).toHaveLength(4);
  // What lasts from there on is told when the hour is over, once, and so is another reason, and its end.
  await clock.advance(3 * hourMs);
  expect(told.slice(4)).toEqual([expect.stringContaining("STORE_FULL")]);
  health = { error: new TapbackError("STORE_LOST", "the file was removed") };
  await clock.advance(2 * hourMs);
  expect(told.slice(5)).toEqual([expect.stringContaining("STORE_LOST")]);
  health = {};
  await clock.advance(30_000);
  expect(told.slice(6)).toEqual([expect.stringContaining("can be written again")]);
  watch.stop();
  expect(clock.waiting).toBe(0);
});
