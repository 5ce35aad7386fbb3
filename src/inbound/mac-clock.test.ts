import { describe, expect, it } from "vitest";
import { type IntakeBench, intakeBenches, rememberingLog, until } from "../../test/support/inbound-bench.js";
import { directMessage } from "../../test/support/message.js";
import { MacClock } from "./mac-clock.js";

const open = intakeBenches();
const minute = 60_000;
const hour = 60 * minute;

/** A row of now by a Mac whose clock is ahead of ours. */
const macRow = (bench: IntakeBench, text: string, aheadMs: number, change = {}) =>
  bench.row(directMessage(), { text, sentAt: bench.now + aheadMs, ...change });

async function fateOf(bench: IntakeBench, row: ReturnType<typeof macRow>): Promise<string> {
  bench.intake.receive(row);
  await until(async () => expect(await bench.fate(row.guid)).not.toMatch(/^(unknown|new)/));
  return bench.fate(row.guid);
}

/** Sends something, whose row the Mac dates by its own clock. */
async function send(bench: IntakeBench, text: string, aheadMs: number): Promise<string> {
  const item = {
    target: { kind: "chat_id" as const, chatId: 7 },
    chatKey: "chat:7",
    origin: "turn" as const,
  };
  await bench.store.outbox.add("default", { ...item, text }, bench.now);
  const [taken] = await bench.store.outbox.take(bench.claim, 1, bench.now);
  const row = macRow(bench, text, aheadMs, { fromMe: true });
  await bench.store.outbox.settle(taken!.claim, { state: "stored", guid: row.guid }, bench.now);
  return fateOf(bench, row);
}

describe.each([
  ["behind", -20 * minute],
  ["ahead of", 20 * minute],
])("a Mac whose clock is 20 minutes %s ours", (name, skew) => {
  it("is answered from our first send on, and a backlog is one all the same", async () => {
    const bench = await open();
    if (skew < 0) expect(await fateOf(bench, macRow(bench, "deaf", skew))).toBe("done drop backlog");
    expect(await send(bench, "note to the owner", skew)).toBe("done drop echo");
    expect(bench.mac.skew).toEqual({ ms: skew, at: bench.now });
    expect(bench.lines).toContainEqual(expect.stringContaining(`20 minutes ${name} this machine's`));
    expect(await fateOf(bench, macRow(bench, "heard", skew))).toBe("in_turn dispatch");
    expect(await fateOf(bench, macRow(bench, "late", skew - 16 * minute))).toBe("done drop backlog");
    // The next gateway knows it from the sends of this one.
    await bench.intake.stop();
    await bench.start();
    expect(bench.mac.skew?.ms).toBe(skew);
    expect(await fateOf(bench, macRow(bench, "heard again", skew))).toBe("in_turn dispatch");
  });

  it("was missed, or in an outage, by the time of ours", async () => {
    const absences = { missed: { from: 0, to: 0 }, outages: () => [] };
    const bench = await open({ absences });
    await send(bench, "note", skew);
    Object.assign(absences.missed, { from: bench.now - 5 * minute, to: bench.now - 2 * minute });
    expect(await fateOf(bench, macRow(bench, "missed", skew - 3 * minute))).toBe("done drop missed_offline");
    expect(await fateOf(bench, macRow(bench, "after", skew - minute))).toBe("in_turn dispatch");
  });
});

describe("a message that is only to be sent in three days", () => {
  it("keeps the agent quiet as long as one that was written now", async () => {
    const bench = await open({ quietMs: 30 * minute });
    await fateOf(bench, macRow(bench, "Happy birthday!", 72 * hour, { fromMe: true }));
    bench.now += 29 * minute;
    expect(await fateOf(bench, macRow(bench, "hello?", 0))).toBe("done drop hushed");
    bench.now += 2 * minute;
    expect(await fateOf(bench, macRow(bench, "and now?", 0))).toBe("in_turn dispatch");
  });
});

describe("the measurement", () => {
  const now = 1_000 * hour;
  const at = (takenAt: number, sentAt: number, receivedAt: number) => ({ takenAt, sentAt, receivedAt });

  it("takes no difference for one that the way of a row explains, and none from a row that came late", () => {
    const mac = new MacClock({ now: () => now });
    mac.measure(at(now, now + 400, now + 5000));
    expect(mac.skew?.ms).toBe(0);
    mac.measure(at(now, now + 20 * minute, now + 2 * minute));
    mac.measure(at(now, now + 20 * minute, now - 1));
    expect(mac.skew?.ms).toBe(0);
  });

  it("follows a clock that is set, and says when both agree again", () => {
    const { log, lines } = rememberingLog();
    const mac = new MacClock({ now: () => now }, log);
    mac.measure(at(now, now - 30 * minute, now + 1000));
    expect(mac.skew?.ms).toBe(-30 * minute);
    mac.measure(at(now, now + 500, now + 1000));
    expect(Math.abs(mac.skew!.ms)).toBeLessThanOrEqual(1000);
    expect(lines).toEqual([
      expect.stringMatching(/^warn: .*30 minutes behind/),
      expect.stringMatching(/^info: .*agree/),
    ]);
  });

  it("makes nobody late once it is old: the clock may be right again", () => {
    const mac = new MacClock({ now: () => now });
    mac.measure(at(now, now + 20 * minute, now + 500));
    expect(mac.lateness(now + minute, now + minute)).toBeGreaterThan(19 * minute);
    expect(mac.lateness(now + 2 * hour, now + 2 * hour)).toBe(0);
  });
});
