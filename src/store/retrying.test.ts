import { expect, it } from "vitest";
import { FakeClock } from "../../test/support/fake-clock.js";
import { TapbackError } from "../platform/index.js";
import { RetryingStore } from "./retrying.js";
import type { Store } from "./store.js";

/** A store whose journal gives these results, one per call, the last one again and again. */
function over(results: (Error | number)[]) {
  const clock = new FakeClock();
  const told: string[] = [];
  const log = { debug() {}, info() {}, warn() {}, error: (line: string) => void told.push(line) };
  const stop = new AbortController();
  let tries = 0;
  const next = async () => {
    const result = results[Math.min(tries++, results.length - 1)]!;
    if (result instanceof Error) throw result;
    return result;
  };
  const journal = { reopen: next, get: next };
  const storage = new RetryingStore({ journal } as unknown as Store, { clock, log, signal: stop.signal });
  return { clock, told, stop, storage, tries: () => tries };
}

it.each([
  new Error("disk I/O error"),
  new Error("the medium does not answer"),
  new TypeError("Cannot read properties of undefined"),
  new TapbackError("STORE_FULL", "the disk is full"),
  new TapbackError("STORE_DAMAGED", "malformed"),
])("repeats a call until it is taken, whatever its error is called: %s", async (error) => {
  const { clock, told, storage, tries } = over([error, error, error, 7]);
  const read = storage.store.journal.get(1);
  const written = storage.store.journal.reopen([1], "retry");
  await clock.advanceUntil(() => storage.trouble !== undefined);
  expect(storage.trouble).toMatchObject({ message: error.message });
  await clock.advance(1000);
  expect([await read, await written, tries()]).toEqual([7, 7, 5]);
  // However many calls wait.
  expect(told).toEqual([
    `the state database cannot be read or written; what needs it waits: ${error.message}`,
  ]);
});

it.each([
  new TapbackError("ACCOUNT_LOST", "another gateway has the account"),
  new Error("NOT NULL constraint failed: outbox.target"),
])("gives an answer of the store back at once: %s", async (error) => {
  const { storage, tries } = over([error]);
  await expect(storage.store.journal.get(1)).rejects.toBe(error);
  expect([tries(), storage.trouble]).toEqual([1, undefined]);
});

it("gives up a call in which this program fails again and again: it would hold up its chat for ever", async () => {
  const fault = new TypeError("Cannot read properties of undefined");
  const { clock, storage, tries } = over([fault]);
  const failed = expect(storage.store.journal.get(1)).rejects.toBe(fault);
  await clock.advance(60_000);
  await failed;
  expect(tries()).toBe(5);
});

it("tells of the trouble until no call failed for a while", async () => {
  const { clock, told, storage } = over([new Error("locked"), 7]);
  const read = storage.store.journal.get(1);
  await clock.advance(50);
  await read;
  expect(storage.trouble).toMatchObject({ message: "locked" });
  await clock.advance(10_000);
  expect(storage.trouble).toBeUndefined();
  expect(told).toHaveLength(1);
});

it("waits no longer when the gateway stops", async () => {
  const { clock, stop, storage } = over([new Error("disk I/O error")]);
  const failed = expect(storage.store.journal.get(1)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  await clock.advance(60_000);
  stop.abort();
  await failed;
  expect(clock.waiting).toBe(0);
});
