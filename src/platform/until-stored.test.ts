import { expect, it } from "vitest";
import { FakeClock } from "../../test/support/fake-clock.js";
import { TapbackError } from "./errors.js";
import { untilStored } from "./until-stored.js";

const full = () => new TapbackError("STORE_FULL", "the disk is full");

function writing(results: (Error | string)[], retryMs?: number) {
  const clock = new FakeClock();
  const told: unknown[] = [];
  const log = {
    debug: () => {},
    info: () => {},
    warn: () => {},
    error: (...line: unknown[]) => told.push(line),
  };
  const stop = new AbortController();
  let tries = 0;
  const write = async () => {
    const result = results[Math.min(tries++, results.length - 1)]!;
    if (result instanceof Error) throw result;
    return result;
  };
  const how = { clock, log, signal: stop.signal, what: "it cannot be stored", fields: { item: 1 }, retryMs };
  return { clock, told, stop, tries: () => tries, stored: untilStored(write, how) };
}

it("writes again each second until the disk takes it, and tells of it once", async () => {
  const { clock, told, tries, stored } = writing([full(), full(), full(), "stored"]);
  await clock.advance(2999);
  expect(tries()).toBe(3);
  await clock.advance(1);
  expect(await stored).toBe("stored");
  expect(told).toEqual([["it cannot be stored: the disk is full", { item: 1 }]]);
  expect(clock.waiting).toBe(0);
});

it("gives the error back when nobody waits any more", async () => {
  const { clock, stop, tries, stored } = writing([full()], 50);
  const failed = expect(stored).rejects.toMatchObject({ code: "STORE_FULL" });
  await clock.advance(120);
  stop.abort();
  await failed;
  expect(tries()).toBe(3);
});

it("does not repeat a write that failed for a fault of ours", async () => {
  const { tries, stored } = writing([new TypeError("undefined is no function")]);
  await expect(stored).rejects.toThrow(TypeError);
  expect(tries()).toBe(1);
});
