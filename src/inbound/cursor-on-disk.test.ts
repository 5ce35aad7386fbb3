import { expect, it } from "vitest";
import { type IntakeBench, intakeBenches, until } from "../../test/support/inbound-bench.js";
import { directMessage } from "../../test/support/message.js";
import { CatchUp } from "./catchup.js";
import { cursorPath, readCursor } from "./catchup-cursor.js";

const open = intakeBenches();
const minute = 60_000;

/** A disk that has what was committed when it is told to. */
function slowDisk(bench: IntakeBench) {
  const asked: ((error?: Error) => void)[] = [];
  bench.store.toDisk = () =>
    new Promise<void>((resolve, reject) =>
      asked.push((error) => (error === undefined ? resolve() : reject(error))),
    );
  /** Ends the write that waits, and waits for the next one. */
  const answer = async (error?: Error) => {
    await until(async () => expect(asked.length).toBeGreaterThan(0));
    asked.shift()!(error);
  };
  return { asked, answer };
}

function begin(bench: IntakeBench): { pass: CatchUp; cursor: () => ReturnType<typeof readCursor> } {
  const { store, bridge, claim, clock, mac, log } = bench;
  const path = cursorPath(bench.folder, "default");
  const settings = {
    ...{ maxAgeMinutes: 120, perRunLimit: 50, firstRunLookbackMinutes: 30, maxFailureRetries: 3, quietMs: 0 },
    ...{ limitKey: "catchup.perRunLimit", crashedAt: undefined },
  };
  const rows = { take: bench.intake.takeMissed.bind(bench.intake), release() {}, misses: () => false };
  const pass = new CatchUp({ store, bridge, claim, clock, mac, log, settings, rows }, path, {
    lookMs: 5,
    retryMs: 5,
  });
  pass.begin();
  return { pass, cursor: () => readCursor(path) };
}

/** @returns the row, which came while nothing ran */
function missed(bench: IntakeBench) {
  const row = bench.row(directMessage(), { text: "meanwhile", sentAt: bench.now - 5 * minute });
  bench.bridge.rows.push(row);
  return row;
}

it("has its file say of no row that it was read before the disk has the row", async () => {
  const bench = await open();
  const row = missed(bench);
  const { asked, answer } = slowDisk(bench);
  const { pass, cursor } = begin(bench);
  await answer();
  await until(async () => expect(cursor()?.reading?.untilMs).toBeLessThan(row.sentAt));
  // The row is in the journal by now, and only there.
  await until(async () => expect(asked).toHaveLength(1));
  expect(await bench.store.journal.findByGuids([row.guid], "default")).toHaveProperty("size", 1);
  expect(cursor()?.reading?.untilMs).toBeLessThan(row.sentAt);
  await answer();
  await until(async () => expect(cursor()?.reading?.untilMs).toBeGreaterThan(row.sentAt));
  const stopped = pass.stop();
  for (const end of asked.splice(0)) end();
  await stopped;
});

it("stays where it was when the disk does not take the journal, and says so", async () => {
  const bench = await open();
  missed(bench);
  const { answer } = slowDisk(bench);
  const { pass, cursor } = begin(bench);
  await answer();
  await until(async () => expect(cursor()?.reading).toBeDefined());
  const before = cursor();
  await answer(new Error("disk I/O error"));
  await until(async () =>
    expect(bench.lines.join("\n")).toContain("the cursor cannot be stored: disk I/O error"),
  );
  expect(cursor()).toEqual(before);
  const stopped = pass.stop();
  await Promise.race([stopped, answer()]);
});

it("is kept by a stop that comes before the row of the subscription was noted, and the stop waits for it", async () => {
  const bench = await open();
  const { pass, cursor } = begin(bench);
  await until(async () => expect(bench.lines.join("\n")).toContain("replayed=0"));
  const { asked, answer } = slowDisk(bench);
  bench.now += minute;
  pass.sawLive(bench.row(directMessage(), { sentAt: bench.now }));
  const stopped = pass.stop();
  await until(async () => expect(asked).toHaveLength(1));
  expect(cursor()?.lastSeenMs).toBeLessThan(bench.now);
  await answer();
  await stopped;
  expect(cursor()?.lastSeenMs).toBe(bench.now);
});
