import { describe, expect, it } from "vitest";
import { type IntakeBench, intakeBenches, until } from "../../test/support/inbound-bench.js";
import { directMessage } from "../../test/support/message.js";

const open = intakeBenches();
const minute = 60_000;
const hour = 60 * minute;

/** Somebody writes after a quiet time, and it comes so late. @returns what became of it */
async function written(
  bench: IntakeBench,
  quiet: number,
  late: number,
  from = "+15550100123",
): Promise<string> {
  bench.now += quiet + late;
  const row = bench.row(directMessage({ from }), { text: `at ${bench.now}`, sentAt: bench.now - late });
  bench.intake.receive(row);
  await until(async () => expect(await bench.fate(row.guid)).not.toMatch(/^(unknown|new)/));
  return bench.fate(row.guid);
}

/** Both clocks were compared, and agree. */
async function compared(): Promise<IntakeBench> {
  const bench = await open();
  bench.mac.measure({ takenAt: bench.now, sentAt: bench.now, receivedAt: bench.now });
  return bench;
}

describe("a Mac on which Messages falls idle", () => {
  it("is found by the third late message after a quiet time, told once, and answered", async () => {
    const bench = await compared();
    const warned = () => bench.lines.filter((line) => line.startsWith("warn: Messages falls idle"));
    for (const late of [8, 14]) expect(await written(bench, hour, late * minute)).toBe("in_turn dispatch");
    expect(bench.mac.delay).toBeUndefined();
    // A conversation wakes it: what follows at once says nothing.
    expect(await written(bench, minute, 0)).toBe("in_turn dispatch");
    expect(await written(bench, hour, 9 * minute)).toBe("in_turn dispatch");
    expect(bench.mac.delay?.ms).toBe(14 * minute);
    expect(warned()).toEqual([expect.stringContaining("up to 14 minutes late")]);
    // What would be a backlog elsewhere comes here as all do.
    expect(await written(bench, hour, 17 * minute)).toBe("in_turn dispatch");
    expect(await written(bench, hour, 35 * minute)).toBe("done drop backlog");
    expect(warned()).toHaveLength(1);
  });

  it("is one no more after a message that came in time", async () => {
    const bench = await compared();
    for (let i = 0; i < 3; i++) await written(bench, hour, 10 * minute);
    expect(bench.mac.delay?.ms).toBe(10 * minute);
    await written(bench, hour, 1000);
    expect(bench.mac.delay).toBeUndefined();
    expect(bench.lines).toContain("info: messages come in time again");
    expect(await written(bench, hour, 17 * minute)).toBe("done drop backlog");
  });

  it("never lets anything through that is older than an hour", async () => {
    const bench = await compared();
    for (let i = 0; i < 3; i++) {
      bench.mac.measure({ takenAt: bench.now, sentAt: bench.now, receivedAt: bench.now });
      await written(bench, hour, 14 * minute);
    }
    for (let i = 0; i < 2; i++) await written(bench, hour, 27 * minute);
    expect(await written(bench, hour, 53 * minute)).toBe("in_turn dispatch");
    expect(await written(bench, hour, 61 * minute)).toBe("done drop backlog");
  });
});

describe("what is no sign of it", () => {
  it("is a backlog that comes at once, however many it has", async () => {
    const bench = await compared();
    await written(bench, hour, 0);
    bench.now += hour;
    for (let i = 0; i < 10; i++) {
      const person = `+1555010012${i}`;
      expect(await written(bench, 0, 0, person)).toBe("in_turn dispatch");
      const row = bench.row(directMessage({ from: person }), {
        text: `${i}`,
        sentAt: bench.now - 20 * minute,
      });
      bench.intake.receive(row);
      await until(async () => expect(await bench.fate(row.guid)).toBe("done drop backlog"));
    }
    expect(bench.mac.delay).toBeUndefined();
  });

  it("is a clock that nobody compared yet, or that is set", async () => {
    const bench = await open();
    for (let i = 0; i < 4; i++) await written(bench, hour, 10 * minute);
    expect(bench.mac.delay).toBeUndefined();
    bench.mac.measure({ takenAt: bench.now, sentAt: bench.now, receivedAt: bench.now });
    for (let i = 0; i < 3; i++) await written(bench, hour, 10 * minute);
    expect(bench.mac.delay).toBeDefined();
    bench.mac.measure({ takenAt: bench.now, sentAt: bench.now - 10 * minute, receivedAt: bench.now });
    expect(bench.mac.delay).toBeUndefined();
  });

  it("is what was written while imsg was away", async () => {
    const outage = { from: 0, to: 0 };
    const bench = await open({ absences: { outages: () => [outage] } });
    bench.mac.measure({ takenAt: bench.now, sentAt: bench.now, receivedAt: bench.now });
    for (let i = 0; i < 4; i++) {
      Object.assign(outage, { from: bench.now, to: bench.now + 2 * hour });
      await written(bench, hour, 10 * minute);
    }
    expect(bench.mac.delay).toBeUndefined();
  });
});
