import { describe, expect, it } from "vitest";
import { FakeClock } from "../../test/support/fake-clock.js";
import { intakeBenches } from "../../test/support/inbound-bench.js";
import { directChat, directMessage } from "../../test/support/message.js";

const open = intakeBenches();

/** A row of a chat of its own. */
const from = (handle: string, id: number) =>
  directMessage({ from: handle, chat: { ...directChat(handle), id } });

describe("what an earlier process left", () => {
  it("is decided once and answered once, in its order, beside what comes now", async () => {
    const clock = new FakeClock();
    const bench = await open({ clock });
    await bench.intake.stop();
    const [mia, ben] = [from("+15550100123", 7), from("+15550100456", 8)];
    // It died after the journal: one row is decided, the others are not.
    const left = [
      bench.row(mia, { text: "mia 1" }),
      bench.row(mia, { text: "mia 2" }),
      bench.row(ben, { text: "ben 1" }),
    ];
    const ids = await bench.store.journal.admit(bench.claim, left, "live", bench.now);
    const decision = { kind: "dispatch" as const, isOwner: false, gates: [], treatedAs: "direct" as const };
    await bench.store.journal.decide(bench.claim, ids[0]!, decision, bench.now);
    const decided: number[] = [];
    const { journal } = bench.store;
    const decide = journal.decide.bind(journal);
    journal.decide = async (...given) => {
      decided.push(given[1]);
      // A row is asked for again while its decision is on its way to the disk.
      await journal.reopen([given[1]], "retry");
      return decide(...given);
    };
    await bench.start();
    bench.intake.receive(bench.row(mia, { text: "mia 3" }));
    await clock.advanceUntil(async () => (await bench.texts()).length === 4);
    expect((await bench.texts()).filter((text) => text.startsWith("mia"))).toEqual([
      "mia 1",
      "mia 2",
      "mia 3",
    ]);
    // News of the journal come while the rows are in hand: none is decided a second time.
    expect(new Set(decided).size).toBe(decided.length);
    expect((await bench.runTurns()).sort()).toEqual(["ben 1", "mia 1", "mia 2", "mia 3"]);
    await bench.intake.stop();
    await bench.start();
    await clock.advance(1000);
    expect(await bench.runTurns()).toEqual([]);
  });

  it("is taken up again when somebody asks for it, and nothing beside it", async () => {
    const clock = new FakeClock();
    const bench = await open({ clock });
    const rows = [
      bench.row(from("+15550100123", 7), { text: "a" }),
      bench.row(from("+15550100456", 8), { text: "b" }),
    ];
    for (const row of rows) bench.intake.receive(row);
    await clock.advanceUntil(async () => (await bench.texts()).length === 2);
    await bench.runTurns((text) => text === "a");
    const entry = await bench.store.journal.findByGuid(rows[0]!.guid);
    expect(await bench.store.journal.reopen([entry!.id], "retry")).toBe(1);
    await clock.advanceUntil(async () => (await bench.store.turns.counts("default")).queued === 1);
    expect(await bench.runTurns()).toEqual(["a"]);
    expect(await bench.fate(rows[1]!.guid)).toBe("done dispatch");
  });
});

describe("what cannot be journaled", () => {
  it("does not count as seen, and is taken when it is told of again", async () => {
    const clock = new FakeClock();
    const bench = await open({ clock });
    const { journal } = bench.store;
    const admit = journal.admit.bind(journal);
    let fails = 1;
    journal.admit = (...given) => (fails-- > 0 ? Promise.reject(new Error("disk full")) : admit(...given));
    const row = bench.row(from("+15550100123", 7), { text: "a" });
    bench.intake.receive(row);
    await clock.advanceUntil(() => bench.lines.length > 0);
    expect(bench.lines).toEqual(["error: messages cannot be journaled: disk full"]);
    expect(await bench.store.accounts.cursor("default")).toBeLessThan(row.rowId);
    bench.intake.receive(row);
    await clock.advanceUntil(async () => (await bench.texts()).length === 1);
    bench.intake.receive(row);
    await clock.advance(1000);
    expect(await bench.texts()).toEqual(["a"]);
  });

  it("is taken in no more after the stop", async () => {
    const clock = new FakeClock();
    const bench = await open({ clock });
    await bench.intake.stop();
    bench.intake.receive(bench.row(from("+15550100123", 7), { text: "a" }));
    await bench.intake.takeMissed([bench.row(from("+15550100123", 7), { text: "b" })]);
    await clock.advance(1000);
    expect(await bench.store.journal.list({ limit: 9 })).toEqual([]);
  });
});
