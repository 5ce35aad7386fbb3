import { expect, it } from "vitest";
import { FakeClock } from "../../test/support/fake-clock.js";
import { rememberingLog } from "../../test/support/inbound-bench.js";
import { NewBeginnings } from "./new-beginnings.js";

const againMs = 1000;
const graceMs = 5000;

/** A process that begins when the test says so; what it did, in order. */
function bench() {
  const clock = new FakeClock();
  const did: string[] = [];
  const begins: { go: () => void; fail: () => void }[] = [];
  const { log, lines } = rememberingLog();
  const beginnings = new NewBeginnings({
    ...{ clock, log, what: "worker", againMs },
    begin: async (givenUp) => {
      did.push("begins");
      givenUp.addEventListener("abort", () => did.push("is given up"));
      await new Promise<void>((resolve, reject) => {
        begins.push({ go: resolve, fail: () => reject(new Error("away")) });
      });
      did.push("has begun");
    },
    end: async () => void did.push("ends"),
  });
  const settle = (ms = 0) => clock.advance(ms);
  const started = async () => {
    const start = beginnings.start();
    begins[0]!.go();
    await start;
    await settle();
    did.splice(0);
  };
  return { beginnings, begins, did, lines, settle, started };
}

it("ends all and begins anew when its lease is lost, and no more once it is stopped", async () => {
  const { beginnings, begins, did, lines, settle, started } = bench();
  await started();
  beginnings.lost();
  await settle();
  begins[1]!.go();
  await settle();
  expect(did).toEqual(["ends", "begins", "has begun"]);
  expect(lines.join()).toContain("it begins anew");
  await beginnings.stop(graceMs);
  beginnings.lost();
  await settle(10 * againMs);
  expect(did).toHaveLength(3);
});

it("begins once more when the lease is lost while it begins, and ends nothing under that", async () => {
  const { beginnings, begins, did, settle, started } = bench();
  await started();
  beginnings.lost();
  await settle();
  beginnings.lost();
  beginnings.lost();
  await settle(10 * againMs);
  expect(did).toEqual(["ends", "begins"]);
  begins[1]!.go();
  await settle();
  begins[2]!.go();
  await settle(10 * againMs);
  expect(did).toEqual(["ends", "begins", "has begun", "ends", "begins", "has begun"]);
});

it("begins once more when the lease is lost at its very start, which is not waited for at a stop", async () => {
  const { beginnings, begins, did, settle } = bench();
  const start = beginnings.start();
  beginnings.lost();
  await settle();
  expect(did).toEqual(["begins"]);
  begins[0]!.go();
  await start;
  await settle();
  expect(did).toEqual(["begins", "has begun", "ends", "begins"]);
  begins[1]!.go();
  await beginnings.stop(graceMs);
  const other = bench();
  const failed = other.beginnings.start();
  other.beginnings.lost();
  await other.beginnings.stop(graceMs);
  other.begins[0]!.fail();
  await expect(failed).rejects.toThrow("away");
  await other.settle(10 * againMs);
  expect(other.did).toEqual(["begins"]);
});

it("tries again after a while when it cannot begin, where no loss before counts, until it is stopped", async () => {
  const { beginnings, begins, did, settle, started } = bench();
  await started();
  beginnings.lost();
  await settle();
  beginnings.lost();
  begins[1]!.fail();
  await settle(againMs - 1);
  expect(did).toEqual(["ends", "begins"]);
  await settle(1);
  begins[2]!.go();
  await settle(10 * againMs);
  expect(did).toEqual(["ends", "begins", "begins", "has begun"]);
  beginnings.lost();
  await settle();
  const stopped = beginnings.stop(graceMs);
  begins[3]!.fail();
  await stopped;
  expect(did.slice(4)).toEqual(["ends", "begins"]);
});

it("gives a beginning up that is under way when the grace of a stop is over, and no other", async () => {
  const { beginnings, begins, did, settle, started } = bench();
  await started();
  beginnings.lost();
  await settle();
  let isStopped = false;
  const stopped = beginnings.stop(graceMs).then(() => {
    isStopped = true;
  });
  await settle(graceMs - 1);
  expect(did).toEqual(["ends", "begins"]);
  await settle(1);
  expect([did.at(-1), isStopped]).toEqual(["is given up", false]);
  begins[1]!.fail();
  await stopped;
  const other = bench();
  await other.started();
  await other.beginnings.stop(graceMs);
  await other.settle(2 * graceMs);
  expect(other.did).toEqual([]);
});
